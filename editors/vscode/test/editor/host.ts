/** A real VS Code workbench in headless Chromium, with the packaged extension, over copies of the sample project. */

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Browser, chromium, type FrameLocator, type Locator, type Page } from "playwright-core";

const EDITORS = resolve(__dirname, "..", "..", "..", "..");
const REPOSITORY = dirname(EDITORS);
const ENTRY = join(EDITORS, ".hosts", "code-server", "node_modules", "code-server", "out", "node", "entry.js");
export const PACKAGE = join(EDITORS, "vscode", "dist", "huldra.vsix");
const SCREENSHOTS = join(EDITORS, "vscode", "test", "screenshots");
const PYTHON = process.env.HULDRA_TEST_PYTHON ?? join(REPOSITORY, ".venv", "bin", "python");
const CHROMIUM = process.env.HULDRA_TEST_CHROMIUM ?? "/usr/bin/chromium";
const PATIENCE_MS = 60_000;

export interface Opening {
  /** Names of copies of the sample project; several open as one window of several folders. */
  readonly projects?: readonly string[];
  /** A folder that is opened as it is, instead of a copy. */
  readonly folder?: string;
  /** Files by path that make the project, instead of the sample's. */
  readonly files?: Readonly<Record<string, string>>;
  readonly file?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly isTrusted?: boolean;
}

export class Workbench {
  /** When the window was asked for, as `Date.now` has it. */
  askedForAt = 0;

  private constructor(
    readonly page: Page,
    readonly home: string,
    readonly roots: readonly string[],
    private readonly browser: Browser,
    private readonly server: ChildProcess,
  ) {}

  get root(): string {
    const [first] = this.roots;
    if (first === undefined) throw new Error("no project is open");
    return first;
  }

  static async open(opening: Opening = {}): Promise<Workbench> {
    const home = mkdtempSync(join(tmpdir(), "huldra-code-"));
    const roots = opening.folder === undefined ? (opening.projects ?? ["toytext"]).map((name) => join(home, "work", name)) : [opening.folder];
    for (const root of opening.folder === undefined ? roots : []) {
      if (opening.files === undefined) unpackSample(root);
      else writeFiles(root, opening.files);
    }
    const settings = JSON.stringify({
      "huldra.python": PYTHON, "workbench.startupEditor": "none", "telemetry.telemetryLevel": "off", "git.openRepositoryInParentFolders": "never",
      "workbench.tips.enabled": false, "extensions.ignoreRecommendations": true, "editor.minimap.enabled": false, "chat.commandCenter.enabled": false, "files.autoSave": "off",
      "security.workspace.trust.enabled": opening.isTrusted === false, "security.workspace.trust.startupPrompt": "never", ...opening.settings,
    });
    for (const where of ["User", "Machine"]) {
      mkdirSync(join(home, "data", where), { recursive: true });
      writeFileSync(join(home, "data", where, "settings.json"), settings);
    }
    const options = ["--user-data-dir", join(home, "data"), "--extensions-dir", join(home, "extensions")];
    execFileSync(process.execPath, [ENTRY, ...options, "--install-extension", PACKAGE], { stdio: "ignore" });
    const port = await freePort();
    const trust = opening.isTrusted === false ? [] : ["--disable-workspace-trust"];
    const server = spawn(process.execPath, [ENTRY, ...options, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check", ...trust], {
      stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, HULDRA_PATH: "" },
    });
    await listening(server);
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"] });
    const page = await browser.newPage({ viewport: { width: 1360, height: 850 } });
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: `http://127.0.0.1:${port}` });
    const bench = new Workbench(page, home, roots, browser, server);
    bench.askedForAt = Date.now();
    await page.goto(bench.address(port, opening));
    await page.waitForSelector(".monaco-workbench", { timeout: PATIENCE_MS });
    return bench;
  }

  /** A lens whose words match. */
  lens(words: RegExp): Locator {
    return this.page.locator(".codelens-decoration a, .codelens-decoration span", { hasText: words }).first();
  }

  async waitForLens(words: RegExp): Promise<void> {
    await this.lens(words).waitFor({ timeout: PATIENCE_MS });
  }

  /** The lens directly above a line, found by the line's text. */
  async lensAbove(code: string): Promise<string> {
    const line = await this.page.locator(".view-line", { hasText: code }).first().boundingBox();
    if (line === null) throw new Error(`no line ${code} is shown`);
    let best: { readonly text: string; readonly gap: number } | undefined;
    for (const lens of await this.page.locator(".codelens-decoration").all()) {
      const box = await lens.boundingBox();
      const text = await lens.innerText().catch(() => "");
      if (box === null || text === "") continue;
      const gap = line.y - box.y;
      if (gap > 0 && gap < 30 && (best === undefined || gap < best.gap)) best = { text: text.replace(/\s+/g, " ").trim(), gap };
    }
    return best?.text ?? "";
  }

  /** Wait until the lens above a line says something. */
  async waitForLensAbove(code: string, words: RegExp, patience = PATIENCE_MS): Promise<string> {
    const end = Date.now() + patience;
    let text = "";
    while (Date.now() < end) {
      text = await this.lensAbove(code).catch(() => "");
      if (words.test(text)) return text;
      await this.page.waitForTimeout(200);
    }
    throw new Error(`the lens above ${code} says ${JSON.stringify(text)}, not ${String(words)}`);
  }

  /** The rows of the Experiments view that are shown. */
  rows(): Locator {
    return this.page.locator(".pane-body .monaco-list-row", { has: this.page.locator(".custom-view-tree-node-item") });
  }

  async openView(): Promise<void> {
    await this.page.locator(".activitybar .action-item a[aria-label^='huldra']").click();
    await this.rows().first().waitFor({ timeout: PATIENCE_MS });
  }

  /** Choose the item of an open quick pick by its words. */
  async pick(words: RegExp | string): Promise<void> {
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: words }).first();
    await this.page.locator(".quick-input-list .monaco-list-row").first().waitFor({ timeout: PATIENCE_MS });
    if (typeof words === "string") await this.page.locator(".quick-input-widget input").first().fill(words); // rows out of sight are not there
    await row.waitFor({ timeout: PATIENCE_MS });
    await row.click();
  }

  /** Choose what the light bulb offers for the line of the cursor. */
  async action(words: RegExp): Promise<void> {
    await this.page.keyboard.press("Control+.");
    const rows = this.page.locator(".action-widget .monaco-list-row.action");
    await rows.filter({ hasText: words }).first().waitFor({ timeout: PATIENCE_MS });
    const titles = (await rows.allInnerTexts()).map((text) => text.trim());
    for (let count = titles.findIndex((title) => words.test(title)); count > 0; count -= 1) await this.page.keyboard.press("ArrowDown");
    await this.page.keyboard.press("Enter");
    await rows.first().waitFor({ state: "detached" });
  }

  /** Change the user's settings; the window takes them over by itself. */
  configure(settings: Readonly<Record<string, unknown>>): void {
    for (const where of ["User", "Machine"]) {
      const path = join(this.home, "data", where, "settings.json");
      writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, "utf8")) as object), ...settings }));
    }
  }

  /** The words of the clipboard. */
  async clipboard(): Promise<string> {
    return String(await this.page.evaluate("navigator.clipboard.readText()"));
  }

  /** Type into an open quick pick or input box, and accept. */
  async type(text: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input").first();
    await input.waitFor();
    await input.fill(text);
    await this.page.waitForTimeout(150);
    await this.page.keyboard.press("Enter");
  }

  /** The words of each lens that is shown, with the text of the line below it. */
  async lenses(): Promise<string[]> {
    const found = await this.page.locator(".codelens-decoration").allInnerTexts();
    return found.map((text) => text.replace(/\s+/g, " ").trim()).filter((text) => text !== "");
  }

  /** Choose a command in the palette. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press("F1");
    const input = this.page.locator(".quick-input-widget input").first();
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().waitFor({ timeout: PATIENCE_MS });
    await this.page.keyboard.press("Enter");
  }

  /** Open a file by its name, and go to a line. */
  async openFile(name: string, line = 1): Promise<void> {
    const tab = this.page.locator(".tab.active", { hasText: name });
    for (let tries = 0; tries < 6 && (await tab.count()) === 0; tries += 1) {
      await this.page.keyboard.press("Control+P");
      const input = this.page.locator(".quick-input-widget input").first();
      // A window that has just been opened takes the focus for something else, and the list is gone again.
      const isOpen = await input.waitFor({ timeout: 5_000 }).then(() => true, () => false);
      if (!isOpen) continue;
      await input.fill(name);
      const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first();
      await row.waitFor({ timeout: PATIENCE_MS });
      await row.click();
      await tab.waitFor({ timeout: 10_000 }).catch(() => undefined);
    }
    await tab.waitFor({ timeout: PATIENCE_MS });
    await this.goToLine(line);
  }

  async goToLine(line: number): Promise<void> {
    const widget = this.page.locator(".quick-input-widget");
    // Of an editor whose text is still being read no line can be chosen, and the box stays open: then it is asked again.
    for (let tries = 0; tries < 6; tries += 1) {
      await this.page.locator(".editor-instance .view-line").first().waitFor({ timeout: PATIENCE_MS });
      await this.page.keyboard.press("Control+G");
      await widget.locator("input").first().fill(`:${line}`, { timeout: PATIENCE_MS });
      await this.page.keyboard.press("Enter");
      if (await widget.waitFor({ state: "hidden", timeout: 5_000 }).then(() => true, () => false)) return;
      await this.page.keyboard.press("Escape");
    }
    throw new Error(`The editor did not go to line ${line}.`);
  }

  /** The page in the webview that is shown: the graph, or a preview. */
  webview(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
  }

  async closeGraph(): Promise<void> {
    await this.page.locator(".tab", { hasText: "huldra: Experiments" }).click({ button: "middle" });
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }

  async close(): Promise<void> {
    await this.browser.close();
    const ended = new Promise((resolveEnd) => this.server.once("exit", resolveEnd));
    this.server.kill();
    await ended;
    if (process.env.HULDRA_TEST_KEEP === undefined) await removeWhatIsLeft(this.home);
  }

  private address(port: number, opening: Opening): string {
    const parts = new URLSearchParams();
    if (this.roots.length === 1) parts.set("folder", this.root);
    else {
      const workspace = join(this.home, "work", "both.code-workspace");
      writeFileSync(workspace, JSON.stringify({ folders: this.roots.map((path) => ({ path })) }));
      parts.set("workspace", workspace);
    }
    if (opening.file !== undefined) parts.set("payload", JSON.stringify([["openFile", `vscode-remote://127.0.0.1:${port}${join(this.root, opening.file)}`]]));
    return `http://127.0.0.1:${port}/?${parts.toString()}`;
  }
}

/** Remove a folder that processes which are about to end still write to; `maxRetries` does not see what is new in it. */
async function removeWhatIsLeft(folder: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch (error) {
      if (tries === 30) throw error;
      await new Promise((resolvePause) => setTimeout(resolvePause, 500));
    }
  }
}

function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

let sample: string | undefined;

function unpackSample(target: string): void {
  if (sample === undefined) {
    sample = join(mkdtempSync(join(tmpdir(), "huldra-sample-")), "toytext");
    const program = "import sys, pathlib; from fixtures.demo import unpack; unpack(pathlib.Path(sys.argv[1]))";
    execFileSync(PYTHON, ["-c", program, sample], { cwd: REPOSITORY });
    const made = dirname(sample);
    process.on("exit", () => { rmSync(made, { recursive: true, force: true }); });
  }
  cpSync(sample, target, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}

async function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => { resolvePort(typeof address === "object" && address !== null ? address.port : 0); });
    });
  });
}

async function listening(server: ChildProcess): Promise<void> {
  let said = "";
  await new Promise<void>((ready, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString("utf8");
      if (said.includes("HTTP server listening")) ready();
    };
    server.stdout?.on("data", hear);
    server.stderr?.on("data", hear);
    server.once("exit", (code) => { reject(new Error(`code-server ended with ${code ?? "a signal"}: ${said}`)); });
  });
}

/** Why the editor cannot be started here; undefined where it can. */
export function missing(): string | undefined {
  const absent = [ENTRY, PACKAGE, PYTHON, CHROMIUM].filter((path) => !existsSync(path));
  return absent.length === 0 ? undefined : `${absent.join(", ")}: not there; make test-editors installs what is needed`;
}
