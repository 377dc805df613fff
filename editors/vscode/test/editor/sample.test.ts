/** What a researcher sees and does in the sample project, step by step in one window. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { missing, Workbench } from "./host";

const FILE = "toytext/experiments.py";
const skip = missing() ?? false;
let bench: Workbench;

before(async () => {
  if (skip === false) bench = await Workbench.open({ file: FILE });
});
after(async () => {
  if (skip === false) await bench.close();
});

function step(name: string, run: () => Promise<void>): void {
  test(name, { skip }, async () => {
    try {
      await run();
    } catch (error) {
      await bench.screenshot(`failed-${name.replace(/\W+/g, "-")}`);
      throw error;
    }
  });
}

step("lenses stand at their lines and say how the results are", async () => {
  await bench.waitForLens(/done/);
  assert.match(await bench.lensAbove("train_clean = Clean()"), /^✓ current · .* ago · \S+ \| Rerun$/);
  assert.match(await bench.lensAbove("by_lr = {f"), /^2\/2 done$/);
  assert.match(await bench.lensAbove("averaged = Averaged"), /^≠ stale .*toytext\.train\.Averaged\._create changed \| Rerun$/);
  assert.match(await bench.lensAbove("diverges = Diverges"), /^✗ failed .* \| Rerun$/);
  assert.match(await bench.lensAbove("lr_evals = ["), /^1\/3 done · 2 stale/);
  assert.equal(await bench.lensAbove("from .common import Split"), "");
  await bench.screenshot("lenses");
});

step("the status bar counts", async () => {
  const item = bench.page.locator(".statusbar-item", { hasText: /huldra\s+✗/ });
  await item.waitFor();
  assert.match(await item.innerText(), /≠ \d+.*✓ \d+/);
});

step("a hover tells the config and why it is stale", async () => {
  await bench.page.locator(".view-line", { hasText: "averaged = Averaged" }).locator("span", { hasText: "Averaged" }).last().hover();
  const hover = bench.page.locator(".monaco-hover-content:visible", { hasText: "stale" });
  await hover.waitFor();
  const words = await hover.first().innerText();
  assert.match(words, /Averaged\._create/);
  assert.match(words, /train_ids|Tokenized/);
  await bench.screenshot("hover");
  await bench.page.keyboard.press("Escape");
});

step("every lens's command is a code action too", async () => {
  await bench.goToLine(23);
  await bench.page.keyboard.press("Control+.");
  const list = bench.page.locator(".action-widget .monaco-list-row");
  await list.first().waitFor();
  const titles = (await list.allInnerTexts()).map((text) => text.trim());
  for (const words of [/^Rerun Averaged/, /^Why is Averaged \w+ stale\?/, /^Copy Python/, /^Open the log/, /depends on$/]) {
    assert.ok(titles.some((title) => words.test(title)), `${String(words)} is not among ${titles.join(" | ")}`);
  }
  await bench.screenshot("actions");
  await bench.page.keyboard.press("Escape");
});

step("why: the definition that changed and its difference, in a preview", async () => {
  await bench.lens(/≠ stale.*Averaged/).click();
  const tab = bench.page.locator(".tab.active", { hasText: /Preview why/ });
  await tab.waitFor({ timeout: 60_000 });
  const page = bench.webview();
  await page.locator("code", { hasText: "self.decay ** self.epochs" }).first().waitFor({ timeout: 30_000 });
  await page.locator("a", { hasText: "data/toytext/train/Averaged/1843a85f" }).waitFor();
  await bench.page.waitForTimeout(300);
  await bench.screenshot("why");
  await bench.page.keyboard.press("Control+W");
});

step("the tree: classes with their counts, experiments with their verdicts, and filters", async () => {
  await bench.openView();
  const rows = () => bench.rows().allInnerTexts();
  const classes = (await rows()).map((text) => text.replace(/\s+/g, " "));
  assert.ok(classes.some((text) => /^Averaged\s*\d+ stale/.test(text)), classes.join(" | "));
  await bench.rows().filter({ hasText: /^LogReg/ }).first().click();
  await bench.page.waitForTimeout(500);
  const open = (await rows()).map((text) => text.replace(/\s+/g, " "));
  assert.ok(open.some((text) => /lr=0\.2.*current · [0-9a-f]{8}$/.test(text)), open.join(" | "));
  await bench.screenshot("tree");
  await bench.command("huldra: Filter Experiments by Text…");
  await bench.type("stale");
  await bench.page.waitForTimeout(800);
  const filtered = (await rows()).join(" | ");
  assert.match(filtered, /Averaged/);
  assert.doesNotMatch(filtered, /Vocab/);
  await bench.command("huldra: Filter Experiments by Verdict…");
  await bench.pick("failed");
  await bench.page.keyboard.press("Enter");
  await bench.page.locator(".welcome-view-content", { hasText: /No experiment passes the filter/ }).waitFor(); // none is stale and failed
  await bench.command("huldra: Show All Experiments");
  await bench.rows().filter({ hasText: /^Vocab/ }).first().waitFor();
  await bench.command("huldra: Filter Experiments by Verdict…");
  await bench.pick("failed");
  await bench.page.keyboard.press("Enter");
  await bench.page.waitForTimeout(800);
  assert.deepEqual((await rows()).map((text) => text.replace(/\s+/g, " ").trim()), ["Diverges1 failed"]);
  await bench.screenshot("tree-filtered");
  await bench.command("huldra: Show All Experiments");
  await bench.rows().filter({ hasText: /^Vocab/ }).first().waitFor();
});

step("the graph: drawn, and a click leads to what it rests on and to the code", async () => {
  await bench.command("huldra: Show the Graph of Experiments");
  const frame = bench.webview();
  const node = frame.locator("svg .node", { hasText: /Evaluate/ }).first();
  await node.waitFor({ timeout: 60_000 });
  await node.click();
  await frame.locator("aside h2", { hasText: "Evaluate" }).waitFor();
  assert.ok((await frame.locator("svg .node.up").count()) >= 2);
  await bench.screenshot("graph");
  await frame.locator("aside button", { hasText: "toytext/evaluate.py" }).click();
  await bench.page.locator(".tab.active", { hasText: "evaluate.py" }).waitFor();
  await bench.page.keyboard.press("Control+W");
  await bench.closeGraph();
});

step("the graph: searched, zoomed, moved, and opened into its experiments", async () => {
  await bench.command("huldra: Show the Graph of Experiments");
  const frame = bench.webview();
  const nodes = frame.locator("svg .node");
  await nodes.first().waitFor({ timeout: 60_000 });
  const part = async () => (await frame.locator("#drawing > svg").getAttribute("viewBox") ?? "").split(" ").map(Number);
  const [x = 0, y = 0, width = 0] = await part();
  await frame.locator("#drawing").hover();
  await bench.page.mouse.wheel(0, -300);
  await bench.page.waitForTimeout(200);
  const nearer = await part();
  assert.ok((nearer[2] ?? 0) < width * 0.8, `${nearer.join(" ")} after ${width}`);
  const box = await frame.locator("#drawing").boundingBox();
  assert.ok(box !== null);
  await bench.page.mouse.move(box.x + 300, box.y + 300);
  await bench.page.mouse.down();
  await bench.page.mouse.move(box.x + 200, box.y + 240, { steps: 5 });
  await bench.page.mouse.up();
  const moved = await part();
  assert.ok((moved[0] ?? 0) > (nearer[0] ?? 0) && (moved[1] ?? 0) > (nearer[1] ?? 0), `${moved.join(" ")} after ${nearer.join(" ")}`);
  await frame.locator("#fit").click();
  assert.deepEqual((await part()).slice(0, 2).map(Math.round), [x, y].map(Math.round));
  const classes = await nodes.count();
  await frame.locator("#search").fill("vocab");
  assert.equal(await frame.locator("svg .node.found").count(), 1);
  assert.equal(await frame.locator("svg .node.dim").count(), classes - 1);
  await bench.screenshot("graph-search");
  await frame.locator("#search").fill("");
  await frame.locator("#level").selectOption("experiments");
  await frame.locator("svg .node", { hasText: "Averaged/1843a85f" }).waitFor({ timeout: 30_000 });
  assert.ok((await nodes.count()) > 2 * classes);
  await bench.screenshot("graph-experiments");
  await bench.closeGraph();
});

step("the graph in a dark theme and in those of high contrast", async () => {
  const themes = [
    ["Default Dark Modern", "vs-dark", "graph-dark"], ["Default High Contrast", "hc-black", "graph-contrast"], ["Default High Contrast Light", "hc-light", "graph-contrast-light"],
  ] as const;
  for (const [theme, kind, name] of themes) {
    bench.configure({ "workbench.colorTheme": theme });
    await bench.page.locator(`.monaco-workbench.${kind}`).waitFor({ timeout: 30_000 });
    await bench.command("huldra: Show the Graph of Experiments");
    const frame = bench.webview();
    await frame.locator("svg .node").first().waitFor({ timeout: 60_000 });
    await frame.locator("svg .node", { hasText: /Evaluate/ }).first().click();
    await bench.screenshot(name);
    await bench.closeGraph();
  }
  bench.configure({ "workbench.colorTheme": "Default Light Modern" });
  await bench.page.locator(".monaco-workbench.vs:not(.vs-dark)").waitFor({ timeout: 30_000 });
});

step("a syntax error keeps the other lenses, and its repair brings all back", async () => {
  await bench.openFile("experiments.py", 23);
  await bench.waitForLensAbove("averaged = Averaged", /stale/);
  await bench.page.keyboard.press("Home");
  await bench.page.keyboard.type("def (");
  await bench.page.locator(".squiggly-error").first().waitFor({ timeout: 30_000 });
  assert.match(await bench.waitForLensAbove("diverges = Diverges", /failed/), /failed/);
  await bench.screenshot("broken");
  for (let count = 0; count < 6; count += 1) await bench.page.keyboard.press("Control+Z");
  await bench.waitForLensAbove("averaged = Averaged", /stale/);
  await bench.page.locator(".squiggly-error").first().waitFor({ state: "detached", timeout: 30_000 });
  await bench.screenshot("repaired");
});

step("an unsaved edit says what it makes stale, and is silent when it is undone", async () => {
  await bench.openFile("tokenizer.py", 1);
  await bench.waitForLens(/runs/);
  const text = readFileSync(join(bench.root, "toytext", "tokenizer.py"), "utf8").split("\n");
  const line = text.findIndex((one) => one.includes("def _create")) + 2;
  await bench.goToLine(line);
  await bench.page.keyboard.press("Home");
  await bench.page.keyboard.type("unused = print(1)\n");
  await bench.waitForLens(/this edit makes \d+ runs stale/);
  await bench.screenshot("blast-radius");
  for (let count = 0; count < 30 && (await bench.page.locator(".tab.active.dirty").count()) > 0; count += 1) await bench.page.keyboard.press("Control+Z");
  await bench.lens(/this edit makes \d+ runs stale/).waitFor({ state: "detached", timeout: 30_000 });
});

step("a rerun: asked first, followed in a terminal, and the lens is current then", async () => {
  await bench.openFile("experiments.py", 33);
  const before = await bench.waitForLensAbove("NoisyCorpus(),", /stale/);
  assert.match(before, /Rerun/);
  await bench.action(/^Rerun NoisyCorpus/);
  const question = bench.page.locator(".notification-toast", { hasText: /Run 1 experiment/ });
  await question.waitFor({ timeout: 60_000 });
  await bench.page.waitForTimeout(700);
  await bench.screenshot("question");
  await question.locator(".monaco-button", { hasText: /^Run 1 experiment/ }).click();
  await bench.page.locator(".terminal-tabs-entry, .single-terminal-tab", { hasText: /huldra/ }).first().waitFor({ timeout: 60_000 });
  await bench.waitForLensAbove("NoisyCorpus(),", /current/, 120_000);
  await bench.page.waitForTimeout(1500);
  await bench.screenshot("rerun");
});

step("a change is accepted: one's reason, a question, a line in the ledger, and the lens is current then", async () => {
  await bench.openFile("experiments.py", 23);
  await bench.waitForLensAbove("averaged = Averaged", /stale/);
  await bench.action(/^Accept the change that makes Averaged \w+ stale/);
  const input = bench.page.locator(".quick-input-widget", { hasText: /Why does it not matter/ });
  await input.waitFor({ timeout: 60_000 });
  await bench.page.waitForTimeout(300);
  await bench.screenshot("accept-reason");
  await bench.type("the decay is 1 in these");
  const question = bench.page.locator(".notification-toast", { hasText: /Averaged\._create changed.*Accept it because the decay is 1 in these\?/ });
  await question.waitFor({ timeout: 60_000 });
  await bench.page.waitForTimeout(700);
  await bench.screenshot("accept-question");
  assert.ok(!existsSync(join(bench.root, "huldra-accepted.toml")));
  await question.locator(".monaco-button", { hasText: /^Accept$/ }).click();
  await bench.waitForLensAbove("averaged = Averaged", /current/);
  await bench.screenshot("accepted");
  assert.match(readFileSync(join(bench.root, "huldra-accepted.toml"), "utf8"), /Averaged.*the decay is 1 in these/);
});

step("Python that builds a run is copied", async () => {
  await bench.openFile("experiments.py", 11);
  await bench.waitForLensAbove("train_clean = Clean()", /current/);
  await bench.action(/^Copy Python/);
  await bench.page.waitForTimeout(1500);
  assert.match(await bench.clipboard(), /toytext\.preprocess\.Clean\(/);
});

step("a new sweep: filled in, looked at, and written where it can be undone", async () => {
  await bench.page.keyboard.press("Control+J"); // the terminal of the rerun goes
  await bench.page.locator(".part.panel").waitFor({ state: "hidden" });
  await bench.openFile("experiments.py", 1);
  await bench.waitForLens(/done/);
  await bench.command("huldra: New Sweep…");
  await bench.pick("LogReg");
  await bench.pick(/^data/);
  await bench.type("train_ids");
  await bench.pick(/^lr/);
  await bench.page.waitForTimeout(300);
  await bench.screenshot("wizard-value");
  await bench.type("0.1, 0.7");
  await bench.page.waitForTimeout(300);
  await bench.screenshot("wizard");
  await bench.pick(/See what it builds/);
  await bench.pick(/experiments\.py/);
  await bench.page.locator(".quick-input-title", { hasText: /2 experiments: 1 current, 1 missing/ }).waitFor({ timeout: 60_000 });
  await bench.screenshot("wizard-preview");
  await bench.pick(/Write it into/);
  await bench.page.locator(".view-line", { hasText: "log_reg_sweep" }).waitFor({ timeout: 30_000 });
  await bench.waitForLensAbove("LogReg(data=train_ids, lr=lr)", /1\/2 done · 1 missing/);
  await bench.screenshot("written");
  assert.doesNotMatch(readFileSync(join(bench.root, FILE), "utf8"), /log_reg_sweep/);
  for (let count = 0; count < 5 && (await bench.page.locator(".tab.active.dirty").count()) > 0; count += 1) await bench.page.keyboard.press("Control+Z");
  assert.ok(existsSync(join(bench.root, FILE)));
  assert.equal(execFileSync("git", ["status", "--short", "toytext"], { cwd: bench.root, encoding: "utf8" }).trim(), "");
});
