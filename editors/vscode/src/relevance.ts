/** Whether a folder's code uses huldra: what decides that a server is started at all. */

import * as vscode from "vscode";

const MARKS = ["huldra.toml", "data-huldra", ".huldra_cache"];
const SETTINGS = ["pyproject.toml", "requirements.txt", "setup.cfg", "setup.py", "environment.yml"];
const WORD = /\bhuldra\b/;

export async function usesHuldra(): Promise<boolean> {
  if (vscode.workspace.textDocuments.some(namesHuldra)) return true;
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    for (const name of MARKS) if (await exists(vscode.Uri.joinPath(folder.uri, name))) return true;
    for (const name of SETTINGS) if (WORD.test(await textOf(vscode.Uri.joinPath(folder.uri, name)))) return true;
  }
  return false;
}

export function namesHuldra(document: vscode.TextDocument): boolean {
  return document.languageId === "python" && WORD.test(document.getText());
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(() => true, () => false);
}

async function textOf(uri: vscode.Uri): Promise<string> {
  return vscode.workspace.fs.readFile(uri).then((bytes) => Buffer.from(bytes).toString("utf8"), () => "");
}
