/** The graph of experiments in a tab of the editor, one for each project. */

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { Connection } from "./connection";
import { graphPage, readOpening } from "./graphPage";
import { openPlace, projectName } from "./places";
import type { ProjectGraph } from "./protocol";

const PARTS = ["dist", "page"];

export class GraphPanels implements vscode.Disposable {
  private readonly panels = new Map<string, vscode.WebviewPanel>();
  private readonly shown = new Map<string, string>();
  private readonly subscription: vscode.Disposable;

  constructor(private readonly connection: Connection, private readonly extension: vscode.Uri) {
    this.subscription = connection.onDidChange(() => void this.update());
  }

  /** Show the graph of the project that a file or folder lies in; of what hangs together with a class or experiment, if one is named. */
  async show(uri: string | undefined, focus: string | undefined): Promise<void> {
    const graphs = await this.connection.graphs(focus);
    const project = uri === undefined ? await choose(graphs) : projectAround(uri, graphs);
    if (project === undefined) return;
    const key = JSON.stringify([project.root, focus ?? ""]);
    const open = this.panels.get(key);
    if (open !== undefined) {
      open.reveal();
      return;
    }
    const title = focus === undefined ? "Experiments" : focus.replace(/^.*\./, "");
    const panel = vscode.window.createWebviewPanel("huldra.graph", `huldra: ${title}`, vscode.ViewColumn.Active, {
      enableScripts: true,
      retainContextWhenHidden: true,
      localResourceRoots: [vscode.Uri.joinPath(this.extension, ...PARTS)],
    });
    const icon = (name: string) => vscode.Uri.joinPath(this.extension, "media", name);
    panel.iconPath = { light: icon("graph-light.svg"), dark: icon("graph-dark.svg") };
    this.panels.set(key, panel);
    this.shown.set(key, JSON.stringify(project.graph));
    panel.onDidDispose(() => {
      this.panels.delete(key);
      this.shown.delete(key);
    });
    panel.webview.onDidReceiveMessage((message) => {
      const opening = readOpening(message);
      if (opening !== undefined) void openPlace(project.root, opening.file, opening.line, 1, vscode.ViewColumn.Beside);
    });
    panel.webview.html = await this.page(panel.webview, title, project);
  }

  dispose(): void {
    this.subscription.dispose();
    for (const panel of this.panels.values()) panel.dispose();
  }

  private async update(): Promise<void> {
    if (this.connection.state !== "running") return;
    for (const [key, panel] of this.panels) {
      const [root, focus] = JSON.parse(key) as [string, string];
      const graphs = await this.connection.graphs(focus === "" ? undefined : focus);
      const graph = graphs.find((one) => one.root === root)?.graph;
      const text = JSON.stringify(graph);
      if (graph !== undefined && this.shown.get(key) !== text) {
        this.shown.set(key, text);
        await panel.webview.postMessage({ graph });
      }
    }
  }

  private async page(webview: vscode.Webview, title: string, project: ProjectGraph): Promise<string> {
    const part = (...names: string[]) => vscode.Uri.joinPath(this.extension, ...names);
    const read = async (uri: vscode.Uri) => Buffer.from(await vscode.workspace.fs.readFile(uri)).toString("utf8");
    const script = (name: string) => webview.asWebviewUri(part(...PARTS, name)).toString();
    return graphPage({
      template: await read(part(...PARTS, "graph.html")),
      style: `${await read(part(...PARTS, "graph.css"))}\n${await read(part("media", "graph.css"))}`,
      nonce: randomBytes(16).toString("base64"),
      title,
      graph: project.graph,
      graphScript: script("graph.js"),
      graphvizScript: script("graphviz.js"),
    });
  }
}

function projectAround(uri: string, graphs: readonly ProjectGraph[]): ProjectGraph | undefined {
  const around = graphs.filter((graph) => uri === graph.root || uri.startsWith(`${graph.root}/`));
  return around.sort((a, b) => b.root.length - a.root.length)[0];
}

async function choose(graphs: readonly ProjectGraph[]): Promise<ProjectGraph | undefined> {
  if (graphs.length < 2) {
    if (graphs.length === 0) void vscode.window.showInformationMessage("huldra: no project is open.");
    return graphs[0];
  }
  const items = graphs.map((graph) => ({ label: projectName(graph.root), graph }));
  return (await vscode.window.showQuickPick(items, { title: "Whose graph?" }))?.graph;
}
