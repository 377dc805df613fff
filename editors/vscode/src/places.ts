/** Projects and places of code, as the window knows them. */

import * as vscode from "vscode";

/** Show a line of a project's file; line and column count from 1. */
export async function openPlace(root: string, file: string, line: number, column: number, where = vscode.ViewColumn.Active): Promise<void> {
  const start = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  const uri = vscode.Uri.joinPath(vscode.Uri.parse(root), file);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(start, start), viewColumn: where });
}

/** What a project is called in the window: its folder's name, or its path below a folder. */
export function projectName(root: string): string {
  const uri = vscode.Uri.parse(root);
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  return folder?.uri.toString() === uri.toString() ? folder.name : vscode.workspace.asRelativePath(uri);
}
