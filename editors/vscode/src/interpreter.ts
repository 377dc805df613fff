/** The interpreter chosen in the Python extension, asked through its public API; that extension need not be there. */

import * as vscode from "vscode";

const PYTHON = "ms-python.python";

interface PythonApi {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    readonly onDidChangeActiveEnvironmentPath?: vscode.Event<unknown>;
  };
}

export async function chosenInterpreter(folder: vscode.Uri | undefined): Promise<string | undefined> {
  const path = (await api())?.environments?.getActiveEnvironmentPath(folder).path;
  return path === undefined || path === "" || path === "python" ? undefined : path;
}

/** Calls back whenever another interpreter is chosen. */
export async function onInterpreterChange(listener: () => void): Promise<vscode.Disposable | undefined> {
  return (await api())?.environments?.onDidChangeActiveEnvironmentPath?.(listener);
}

async function api(): Promise<PythonApi | undefined> {
  const extension = vscode.extensions.getExtension<PythonApi>(PYTHON);
  if (extension === undefined) return undefined;
  return extension.isActive ? extension.exports : extension.activate();
}
