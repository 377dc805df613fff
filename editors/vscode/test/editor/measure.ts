/**
 * How long a window takes to its first lens, in the sample project, and what the graph costs: `npm run measure` in editors/vscode.
 *
 * `npm run measure DIRECTORY FILE`: of a large project instead, which is not written to but for the server's cache; FILE has a lens.
 * Clock times, each the median of some windows; beside them the processor time of the server, which minds other work less.
 */

import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { missing, type Opening, PACKAGE, Workbench } from "./host";

const WINDOWS = 3;
const PATIENCE_MS = 300_000;
const CLASSES = 40;
const EXPERIMENTS_EACH = 50;

interface Opened {
  readonly text: number;
  readonly lens: number;
  /** Processor time of the server until then, with its helpers that have ended. */
  readonly server: number;
  readonly activation: string;
}

/** From asking for the window to its text, and to its first lens. The server is left until it has kept what it keeps. */
async function opened(opening: Opening): Promise<Opened> {
  const bench = await Workbench.open(opening);
  try {
    const since = () => (Date.now() - bench.askedForAt) / 1000;
    await bench.page.locator(".view-line span span").first().waitFor({ timeout: PATIENCE_MS });
    const text = since();
    await bench.page.locator(".codelens-decoration a").first().waitFor({ timeout: PATIENCE_MS });
    const found = { text, lens: since(), server: processorSeconds(bench.root), activation: await activation(bench) };
    await rest(bench);
    return found;
  } finally {
    await bench.close();
  }
}

const TICKS_A_SECOND = 100;

/** The processor time of the server that works in a folder; NaN where there is no /proc to look it up in. */
function processorSeconds(root: string): number {
  for (const pid of (existsSync("/proc") ? readdirSync("/proc") : []).filter((name) => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      if (!words.includes("huldra") || !words.includes("lsp") || readlinkSync(`/proc/${pid}/cwd`) !== root) continue;
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ").map(Number);
      return fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) / TICKS_A_SECOND;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error; // it has ended meanwhile
    }
  }
  return NaN;
}

/** Wait until the server works no more; it looks about every few seconds. */
async function rest(bench: Workbench): Promise<void> {
  for (let spent = -Infinity, now = processorSeconds(bench.root); now - spent > 0.25; now = processorSeconds(bench.root)) {
    spent = now;
    await bench.page.waitForTimeout(5000);
  }
}

/** What the workbench says of the extension's activation: "Startup Activation: 12ms" or "Activation: 12ms". */
async function activation(bench: Workbench): Promise<string> {
  await bench.command("Developer: Show Running Extensions");
  const row = bench.page.locator(".runtime-extensions-editor .monaco-list-row", { hasText: "huldra" }).first();
  await row.waitFor({ timeout: PATIENCE_MS });
  return /Activation:\s*(\d+\s*ms)/.exec(await row.innerText())?.[1] ?? "not said";
}

async function several(what: string, opening: Opening, before: () => void = () => undefined): Promise<void> {
  const found = [];
  for (let count = 0; count < WINDOWS; count += 1) {
    before();
    found.push(await opened(opening));
  }
  const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]?.toFixed(1) ?? "";
  say(`${what}: text after ${median(found.map((one) => one.text))} s, first lens after ${median(found.map((one) => one.lens))} s, ${median(found.map((one) => one.server))} s of it processor time of the server; activation ${found.map((one) => one.activation).join(", ")}`);
}

/** The graph of 2,000 experiments, as they are laid out, chosen and moved. */
async function graph(): Promise<void> {
  const bench = await Workbench.open({ projects: ["wide"], files: { "wide.py": wideProject(), "pyproject.toml": "" }, file: "wide.py" });
  try {
    await bench.page.locator(".codelens-decoration a").first().waitFor({ timeout: PATIENCE_MS });
    await bench.command("huldra: Show the Graph of Experiments");
    const frame = bench.webview();
    await frame.locator("svg .node").first().waitFor({ timeout: PATIENCE_MS });
    const laidOut = async () => Number(await frame.locator("html").getAttribute("data-layout"));
    const first = await laidOut();
    await frame.locator("#level").selectOption("experiments");
    await frame.locator("button", { hasText: "Show them" }).click();
    await frame.locator("svg .node", { hasText: "/" }).first().waitFor({ timeout: PATIENCE_MS });
    const nodes = await frame.locator("svg .node").count();
    say(`graph: ${CLASSES} classes laid out in ${first} ms, ${nodes} nodes in ${await laidOut()} ms`);
    const steps: unknown = await frame.locator("html").evaluate(`(${STEPS})()`);
    say(`graph: ${nodes} nodes: ${String(steps)}`);
  } finally {
    await bench.close();
  }
}

/** Runs in the page: the median time of a step up to the frame in which it is seen. */
const STEPS = `async () => {
  const seen = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const median = async (step) => {
    const times = [];
    for (let count = 0; count < 9; count += 1) {
      await seen();
      const begun = performance.now();
      step(count);
      await seen();
      times.push(performance.now() - begun);
    }
    return Math.round(times.sort((a, b) => a - b)[4]);
  };
  const area = document.getElementById("drawing");
  const search = document.getElementById("search");
  const nodes = [...document.querySelectorAll("svg .node")];
  const zoom = await median((count) => area.dispatchEvent(new WheelEvent("wheel", { deltaY: count % 2 ? 200 : -200, clientX: 300, clientY: 300, cancelable: true })));
  const choose = await median((count) => nodes[count * 7].dispatchEvent(new MouseEvent("click", { bubbles: true })));
  const seek = await median((count) => { search.value = "run_" + count; search.dispatchEvent(new Event("input")); });
  return "a zoom " + zoom + " ms, a choice " + choose + " ms, a letter of a search " + seek + " ms";
}`;

function wideProject(): string {
  const lines = ["import huldra", "", ""];
  for (let number = 0; number < CLASSES; number += 1) {
    const [under, name] = [`Stage${number - 1}`, `Stage${number}`];
    lines.push(`class ${name}(huldra.Huldra[int]):`, ...(number > 0 ? [`    under: ${under}`] : []), "    seed: int = 0", "", "    def _create(self) -> int:", "        return self.seed", "");
    lines.push("    def _load(self) -> int:", "        return self.seed", "", "");
    const given = number > 0 ? `under=run_${number - 1}[seed], ` : "";
    lines.push(`run_${number} = [${name}(${given}seed=seed) for seed in range(${EXPERIMENTS_EACH})]`, "", "");
  }
  return lines.join("\n");
}

function say(words: string): void {
  process.stdout.write(`${words}\n`);
}

async function main(): Promise<void> {
  const absent = missing();
  if (absent !== undefined) throw new Error(absent);
  const [directory, file] = process.argv.slice(2);
  if (directory === undefined || file === undefined) {
    say(`huldra.vsix: ${(statSync(PACKAGE).size / 1e6).toFixed(2)} MB`);
    await several("sample project", { file: "toytext/experiments.py" });
    await graph();
  } else {
    const large = { folder: directory, file };
    await several("large project, nothing kept", large, () => { rmSync(join(directory, ".huldra_cache"), { recursive: true, force: true }); });
    await several("large project, opened before", large);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
