/** What a command is about when it does not say: a node of the tree, what stands at the cursor, or what is picked from a list. */

import * as vscode from "vscode";
import { argumentOfNode } from "./experimentsView";
import { type Argument, classesOf, type ProjectGraph, type ProjectRows, type Row } from "./protocol";
import type { Node } from "./tree";
import { isLive, lookOf } from "./verdicts";

/** Which rows a command can be about. */
const SUITS: Readonly<Record<string, (row: Row) => boolean>> = {
  "huldra.rerun": (row) => !isLive(row.verdict),
  "huldra.cancel": (row) => isLive(row.verdict),
  "huldra.accept": (row) => row.verdict === "stale",
  "huldra.why": (row) => row.verdict !== "missing",
  "huldra.showLog": (row) => row.verdict !== "missing",
  "huldra.showRun": () => true,
  "huldra.copySnippet": () => true,
};

interface Item extends vscode.QuickPickItem {
  readonly argument: Argument;
}

/** The argument in what VS Code hands to a command; undefined for none. */
export function givenArgument(given: unknown): Argument | undefined {
  if (isNode(given)) return given.kind === "class" || given.kind === "experiment" ? argumentOfNode(given) : undefined;
  return isArgument(given) ? given : undefined;
}

/** Have an experiment picked; those built in the file that is looked at come first, the nearest before the others. */
export async function pickExperiment(command: string, title: string, projects: readonly ProjectRows[]): Promise<Argument | undefined> {
  const suits = SUITS[command] ?? (() => true);
  const items = projects.flatMap((project) => project.rows.filter(suits).map((row) => itemOf(project, row)));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(`huldra: ${title}: there is nothing that it could be about.`);
    return undefined;
  }
  items.sort((a, b) => a.distance - b.distance);
  return (await vscode.window.showQuickPick<Item>(items, { title, matchOnDescription: true, matchOnDetail: true }))?.argument;
}

/** Have a class of the code picked, by the graphs of the projects. */
export async function pickClass(title: string, graphs: readonly ProjectGraph[]): Promise<Argument | undefined> {
  const items = graphs.flatMap((project) => classesOf(project.graph).map((name) => ({
    label: name.replace(/^.*\./, ""), description: name, argument: { uri: project.root, class: name, selector: "class" },
  })));
  items.sort((a, b) => a.label.localeCompare(b.label, "en"));
  return (await vscode.window.showQuickPick<Item>(items, { title, matchOnDescription: true }))?.argument;
}

/** The argument with the reason why a change is accepted; undefined where that is thought better of. Without words the server offers some. */
export async function withReason(argument: Argument): Promise<Argument | undefined> {
  const about = [argument.class?.replace(/^.*\./, ""), argument.hash?.slice(0, 8)].filter((words) => words !== undefined && words !== "").join(" ");
  const reason = await vscode.window.showInputBox({
    title: `Accept the change that makes ${about} stale`, prompt: "Why does it not matter to the results? It is asked once more before it is written down.",
    placeHolder: "the results are the same", ignoreFocusOut: true,
  });
  return reason === undefined ? undefined : { ...argument, ...(reason.trim() === "" ? {} : { reason: reason.trim() }) };
}

function itemOf(project: ProjectRows, row: Row): Item & { readonly distance: number } {
  const { sign } = lookOf(row.verdict);
  return {
    label: `${sign} ${row.class.replace(/^.*\./, "")} ${row.hash.slice(0, 8)}`,
    description: row.verdict,
    detail: Object.entries(row.config).map(([name, value]) => `${name}=${value}`).join(", "),
    argument: { uri: project.root, class: row.class, hash: row.hash, selector: "experiment" },
    distance: distanceToCursor(project.root, row),
  };
}

function distanceToCursor(root: string, row: Row): number {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return Infinity;
  const cursor = editor.selection.active.line + 1;
  const lines = row.sites
    .filter((site) => vscode.Uri.joinPath(vscode.Uri.parse(root), site.file).toString() === editor.document.uri.toString())
    .map((site) => Math.abs(site.line - cursor));
  return Math.min(Infinity, ...lines);
}

function isNode(given: unknown): given is Node {
  return typeof given === "object" && given !== null && "kind" in given && "root" in given;
}

function isArgument(given: unknown): given is Argument {
  return typeof given === "object" && given !== null && "uri" in given && typeof given.uri === "string" && ("class" in given || "selector" in given);
}
