/** The Experiments view: what `tree.ts` makes of the server's rows, drawn by VS Code. */

import * as vscode from "vscode";
import type { Connection } from "./connection";
import { projectName } from "./places";
import type { Argument } from "./protocol";
import { type ClassNode, type ExperimentNode, type Filter, isFiltering, NO_FILTER, type Node, treeOf } from "./tree";
import { countsWords, isLive, isVerdict, lookOf, VERDICTS, type Verdict, worstOf } from "./verdicts";

export class ExperimentsView implements vscode.TreeDataProvider<Node> {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<Node>;
  private readonly subscriptions: { dispose(): unknown }[];
  private filter: Filter = NO_FILTER;

  constructor(private readonly connection: Connection) {
    this.view = vscode.window.createTreeView("huldra.experiments", { treeDataProvider: this, showCollapseAll: true });
    this.subscriptions = [this.view, this.changed, connection.onDidChange(() => { this.changed.fire(undefined); })];
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node !== undefined) return node.kind === "detail" ? [] : [...node.children];
    if (this.connection.state !== "running") return [];
    const nodes = treeOf(await this.connection.runs(), this.filter, new Date());
    const { isBusy } = await this.connection.status();
    void vscode.commands.executeCommand("setContext", "huldra.isReading", isBusy && nodes.length === 0);
    return [...nodes];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node.kind === "project") return this.projectItem(node.root, countsWords(node.counts));
    if (node.kind === "class") return classItem(node);
    if (node.kind === "experiment") return experimentItem(node);
    const item = new vscode.TreeItem(node.label);
    item.description = node.description;
    item.iconPath = new vscode.ThemeIcon(node.icon);
    item.tooltip = [node.description, node.label].filter((words) => words !== "").join(": ");
    if (node.site !== undefined) item.command = { command: "huldra.openSite", title: "Go to the Code", arguments: [node] };
    return item;
  }

  async filterText(): Promise<void> {
    const text = await vscode.window.showInputBox({
      title: "Filter experiments",
      prompt: "Words that all must occur in class, hash, verdict or field=value",
      placeHolder: "Train lr=0.001",
      value: this.filter.text,
    });
    if (text !== undefined) this.use({ ...this.filter, text: text.trim() });
  }

  async filterVerdicts(): Promise<void> {
    const items = VERDICTS.map((verdict) => ({ label: verdict, description: lookOf(verdict).sign, picked: this.filter.verdicts.has(verdict) }));
    const chosen = await vscode.window.showQuickPick(items, { title: "Show only these verdicts (none: all)", canPickMany: true });
    if (chosen !== undefined) this.use({ ...this.filter, verdicts: new Set(chosen.map((item) => item.label).filter(isVerdict)) });
  }

  clearFilters(): void {
    this.use(NO_FILTER);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private use(filter: Filter): void {
    this.filter = filter;
    this.view.description = [filter.text, ...filter.verdicts].filter((word) => word !== "").join(" ");
    void vscode.commands.executeCommand("setContext", "huldra.isFiltered", isFiltering(filter));
    this.changed.fire(undefined);
  }

  private projectItem(root: string, words: string): vscode.TreeItem {
    const item = new vscode.TreeItem(projectName(root), vscode.TreeItemCollapsibleState.Expanded);
    item.description = words;
    item.iconPath = vscode.ThemeIcon.Folder;
    return item;
  }
}

/** What a command about a node of the tree is about. */
export function argumentOfNode(node: ClassNode | ExperimentNode): Argument {
  if (node.kind === "class") return { uri: node.root, class: node.class, selector: "class" };
  return { uri: node.root, class: node.row.class, hash: node.row.hash, selector: "experiment" };
}

function classItem(node: ClassNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState.Collapsed);
  item.description = countsWords(node.counts);
  item.iconPath = icon(worstOf(node.counts));
  item.tooltip = node.class;
  item.contextValue = "class";
  return item;
}

function experimentItem(node: ExperimentNode): vscode.TreeItem {
  const { row } = node;
  const item = new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState.Collapsed);
  const doubt = row.certainty === "likely" ? " (likely)" : "";
  const place = node.place === undefined ? "" : ` · ${node.place}`;
  item.description = `${row.verdict}${doubt} · ${row.hash.slice(0, 8)}${place}`;
  item.iconPath = icon(row.verdict);
  item.tooltip = [`${row.class}/${row.hash}`, `${row.verdict}${doubt}`, ...row.reasons.map((reason) => reason.message)].join("\n");
  const words = ["experiment", row.verdict === "missing" ? "never" : "stored", isLive(row.verdict) ? "live" : "idle", ...(row.verdict === "stale" ? ["stale"] : []), ...(row.sites.length > 0 ? ["placed"] : [])];
  item.contextValue = words.join(" ");
  return item;
}

function icon(verdict: Verdict | undefined): vscode.ThemeIcon {
  if (verdict === undefined) return new vscode.ThemeIcon("symbol-class");
  const look = lookOf(verdict);
  return new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.color));
}
