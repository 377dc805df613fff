/** The language server's life: found, started, stopped, started again; and what the rest of the extension asks of it. */

import { execFile } from "node:child_process";
import * as vscode from "vscode";
import { type ExecuteCommandParams, LanguageClient, type Middleware, State, TransportKind } from "vscode-languageclient/node";
import { chosenInterpreter } from "./interpreter";
import { FORM, type Form, PREVIEW, type Preview, DAG, type ProjectGraph, type ProjectRows, readForm, readGraphs, readPreview, readRuns, readStatus, RUNS, STATUS, STATUS_CHANGED, type Status } from "./protocol";
import { type Found, findServer, type Program, readVersion } from "./servers";

const PATIENCE_MS = 20_000;
const DOCUMENTS = ["python", "json", "toml", "markdown"].map((language) => ({ scheme: "file", language }));

/** Where the server stands: not wanted here, not found, or with a process. */
export type ServerState = "idle" | "absent" | "starting" | "running" | "stopped";

export class Connection implements vscode.Disposable {
  readonly output = vscode.window.createOutputChannel("huldra", { log: true });
  private readonly changed = new vscode.EventEmitter<void>();
  /** The server's counts, or its state, may be other than before. */
  readonly onDidChange = this.changed.event;
  private client: LanguageClient | undefined;
  private turn: Promise<void> = Promise.resolve();
  private current: ServerState = "idle";
  server: Found | undefined;

  private readonly configured = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration("huldra") && this.client?.isRunning() === true) {
      void this.client.sendNotification("workspace/didChangeConfiguration", { settings: { huldra: settingsOfServer() } });
    }
  });

  constructor(private readonly middleware: Middleware) {}

  get state(): ServerState {
    return this.current;
  }

  /** Start, or start again. Calls wait for each other. */
  start(): Promise<void> {
    this.turn = this.turn.then(() => this.stopNow()).then(() => this.startNow()).catch((error: unknown) => {
      this.output.error(String(error));
      this.become("stopped");
    });
    return this.turn;
  }

  stop(): Promise<void> {
    this.turn = this.turn.then(() => this.stopNow());
    return this.turn;
  }

  async runs(): Promise<ProjectRows[]> {
    return readRuns(await this.ask(RUNS, {}));
  }

  async graphs(focus: string | undefined): Promise<ProjectGraph[]> {
    return readGraphs(await this.ask(DAG, { level: "page", ...(focus === undefined ? {} : { focus }) }));
  }

  async status(): Promise<Status> {
    return readStatus(await this.ask(STATUS, {}));
  }

  async form(uri: string, className: string, hash: string | undefined): Promise<Form> {
    return readForm(await this.ask(FORM, { uri, class: className, ...(hash === undefined ? {} : { hash }) }));
  }

  async preview(params: object): Promise<Preview> {
    return readPreview(await this.ask(PREVIEW, params));
  }

  /** Have the server execute a command of its own, past the middleware. */
  async execute(command: string, argument: object): Promise<unknown> {
    const params: ExecuteCommandParams = { command, arguments: [argument] };
    return this.ask("workspace/executeCommand", params);
  }

  dispose(): void {
    this.configured.dispose();
    void this.stop();
    this.changed.dispose();
    this.output.dispose();
  }

  private async ask(method: string, params: object): Promise<unknown> {
    if (this.client?.isRunning() !== true) throw new Error("huldra's server is not running");
    return this.client.sendRequest(method, params);
  }

  private async startNow(): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    this.become("starting");
    const settings = vscode.workspace.getConfiguration("huldra");
    const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === "file");
    const found = await findServer({
      path: settings.get("path", ""),
      python: settings.get("python", ""),
      chosen: await chosenInterpreter(folders[0]?.uri),
      folders: folders.map((folder) => folder.uri.fsPath),
      isWindows: process.platform === "win32",
    }, probe);
    if (!("program" in found)) {
      this.output.warn(`no server: tried ${found.tried.map((one) => `${[one.command, ...one.args].join(" ")} (${one.source})`).join(", ")}`);
      this.become("absent");
      return;
    }
    this.server = found;
    this.output.info(`huldra ${found.version} from ${found.program.source}: ${[found.program.command, ...found.program.args].join(" ")}`);
    const client = this.createClient(found.program, folders[0]?.uri.fsPath);
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      if (this.client === client && newState === State.Stopped && this.current === "running") this.become("stopped");
    });
    client.onNotification(STATUS_CHANGED, () => { this.changed.fire(); });
    await client.start();
    this.become("running");
  }

  private createClient(program: Program, cwd: string | undefined): LanguageClient {
    const options = { command: program.command, args: [...program.args, "lsp"], transport: TransportKind.stdio, ...(cwd === undefined ? {} : { options: { cwd } }) };
    const client = new LanguageClient("huldra", "huldra", options, {
      documentSelector: DOCUMENTS,
      outputChannel: this.output,
      traceOutputChannel: this.output,
      initializationOptions: settingsOfServer(),
      middleware: this.middleware,
      markdown: { isTrusted: false, supportHtml: false },
    });
    client.registerFeature({
      fillClientCapabilities: (capabilities) => { capabilities.experimental = { ...asObject(capabilities.experimental), huldraStatus: true }; },
      initialize: () => undefined,
      getState: () => ({ kind: "static" }),
      clear: () => undefined,
    });
    return client;
  }

  private async stopNow(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    try {
      if (client?.needsStop() === true) await client.stop();
      await client?.dispose();
    } catch (error) {
      // One that does not answer in time is killed by its client; the next must not fail with it.
      this.output.warn(`stopping the server: ${String(error)}`);
    }
    this.become("idle");
  }

  private become(state: ServerState): void {
    this.current = state;
    void vscode.commands.executeCommand("setContext", "huldra.state", state);
    this.changed.fire();
  }
}

function settingsOfServer(): object {
  const settings = vscode.workspace.getConfiguration("huldra");
  return Object.fromEntries(["inlayHints", "callHierarchy", "python"].map((name) => [name, settings.get(name)]));
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

/** Ask a program for its version. */
function probe(program: Program): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program.command, [...program.args, "--version"], { timeout: PATIENCE_MS, windowsHide: true }, (error, stdout) => {
      resolve(error === null ? readVersion(stdout) : undefined);
    });
  });
}
