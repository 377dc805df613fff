/** The extension as a whole: a client of huldra's language server, and views of what that knows. */

import * as vscode from "vscode";
import { givenArgument } from "./choices";
import { Connection } from "./connection";
import { ExperimentsView } from "./experimentsView";
import { GraphPanels } from "./graphPanel";
import { onInterpreterChange } from "./interpreter";
import { createMiddleware, focusOf, type Parts } from "./middleware";
import { openPlace } from "./places";
import { namesHuldra, usesHuldra } from "./relevance";
import { StatusBar } from "./statusBar";
import { Previews } from "./wizard";
import type { DetailNode, ExperimentNode } from "./tree";

const SETTLING_MS = 200;
const INSTALLING = "https://github.com/huldra-lab/huldra#readme";

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const parts: Parts = {
    get connection() { return connection; },
    get graphs() { return graphs; },
    previews: new Previews(),
  };
  const connection = new Connection(createMiddleware(() => parts));
  const graphs = new GraphPanels(connection, context.extensionUri);
  const view = new ExperimentsView(connection);
  context.subscriptions.push(parts.previews.register(), connection, graphs, view, new StatusBar(connection), ...commands(connection, graphs, view), ...triggers(connection));
  void onInterpreterChange(() => { if (connection.state !== "idle") void connection.start(); }).then((subscription) => {
    if (subscription !== undefined) context.subscriptions.push(subscription);
  });
  await startWhereWanted(connection);
}

function commands(connection: Connection, graphs: GraphPanels, view: ExperimentsView): vscode.Disposable[] {
  const on = (name: string, run: (given: unknown) => unknown) => vscode.commands.registerCommand(name, run);
  return [
    on("huldra.openGraph", (given) => {
      const argument = givenArgument(given);
      return graphs.show(argument?.uri, focusOf(argument));
    }),
    on("huldra.filterText", () => view.filterText()),
    on("huldra.filterVerdicts", () => view.filterVerdicts()),
    on("huldra.clearFilters", () => { view.clearFilters(); }),
    on("huldra.restart", () => connection.start()),
    on("huldra.openOutput", () => { connection.output.show(); }),
    on("huldra.install", () => vscode.env.openExternal(vscode.Uri.parse(INSTALLING))),
    on("huldra.openSite", (given) => openSite(given as DetailNode | ExperimentNode)),
    on("huldra.openDirectory", (given) => openDirectory(given as ExperimentNode)),
  ];
}

function triggers(connection: Connection): vscode.Disposable[] {
  let timer: NodeJS.Timeout | undefined;
  // What comes together is one start: trust, say, brings the workspace's settings with it.
  const startSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void startWhereWanted(connection), SETTLING_MS);
  };
  return [
    vscode.workspace.onDidGrantWorkspaceTrust(startSoon),
    vscode.workspace.onDidOpenTextDocument((document) => { if (connection.state === "idle" && namesHuldra(document)) startSoon(); }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (["path", "python", "enable", "callHierarchy"].some((name) => event.affectsConfiguration(`huldra.${name}`))) startSoon();
    }),
    new vscode.Disposable(() => { clearTimeout(timer); }),
  ];
}

/** Start the server if the settings and the code ask for it, and nothing forbids it. */
async function startWhereWanted(connection: Connection): Promise<void> {
  const wish = vscode.workspace.getConfiguration("huldra").get<string>("enable", "auto");
  if (!vscode.workspace.isTrusted || wish === "off" || (wish === "auto" && !(await usesHuldra()))) {
    await connection.stop();
    return;
  }
  await connection.start();
}

async function openSite(node: DetailNode | ExperimentNode): Promise<void> {
  const site = node.kind === "experiment" ? node.row.sites[0] : node.site;
  if (site !== undefined) await openPlace(node.root, site.file, site.line, site.column);
}

async function openDirectory(node: ExperimentNode): Promise<void> {
  const directory = vscode.Uri.joinPath(vscode.Uri.parse(node.store), node.row.path);
  // A window on another machine has no file manager there.
  await vscode.commands.executeCommand(vscode.env.remoteName === undefined ? "revealFileInOS" : "revealInExplorer", directory);
}
