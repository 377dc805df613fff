/** New experiments and sweeps: fields with what runs hold in them, a look at what would be built, then the edit. */

import * as vscode from "vscode";
import type { Connection } from "./connection";
import { builtWords, missingFields, type Order, parameters, previewText, standing, startOrder, withValue } from "./order";
import type { Argument, FormField, Preview } from "./protocol";

const SCHEME = "huldra-preview";
const TIMES = "\u00d7";

interface Choice extends vscode.QuickPickItem {
  readonly field?: FormField;
  readonly act?: "write" | "change";
}

/** The preview documents; there is one at a time. */
export class Previews implements vscode.TextDocumentContentProvider {
  static readonly uri = vscode.Uri.parse(`${SCHEME}:/New experiment.py`);
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private text = "";

  register(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  provideTextDocumentContent(): string {
    return this.text;
  }

  async show(preview: Preview): Promise<void> {
    this.text = `\n\n${previewText(preview)}`; // the question stands over the first lines
    this.changed.fire(Previews.uri);
    await vscode.window.showTextDocument(Previews.uri, { preview: true, preserveFocus: true, viewColumn: vscode.ViewColumn.Beside });
  }

  async hide(): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    await vscode.window.tabGroups.close(tabs.filter((tab) => tab.input instanceof vscode.TabInputText && tab.input.uri.scheme === SCHEME));
  }
}

/** Put an experiment together and have it written. Writes nothing before it was shown and agreed to. */
export async function runWizard(connection: Connection, previews: Previews, argument: Argument, isSweep: boolean): Promise<void> {
  if (argument.class === undefined) return;
  let order = startOrder(await connection.form(argument.uri, argument.class, argument.hash), isSweep);
  for (;;) {
    const filled = await fillIn(order);
    if (filled === undefined) return;
    order = filled;
    const into = await chooseFile(order);
    if (into === undefined) continue;
    const preview = await connection.preview(parameters(order, into));
    await previews.show(preview);
    const isAgreed = await agree(preview);
    await previews.hide();
    if (isAgreed === undefined) return;
    if (isAgreed) {
      await write(connection, order, into);
      return;
    }
  }
}

async function fillIn(order: Order): Promise<Order | undefined> {
  let filled = order;
  for (;;) {
    const missing = missingFields(filled);
    const kind = filled.isSweep ? "sweep" : "experiment";
    const go: Choice = {
      label: missing.length > 0 ? "$(circle-slash) Not complete yet" : "$(arrow-right) See what it builds…",
      description: missing.length > 0 ? `give a value to ${missing.join(", ")}` : "",
      act: "write",
      alwaysShow: true,
    };
    const fields: Choice[] = filled.form.fields.map((field) => ({
      label: field.name, description: standing(filled, field), detail: field.annotation, field,
    }));
    const items = missing.length > 0 ? [...fields, go] : [go, ...fields];
    const chosen = await vscode.window.showQuickPick<Choice>(items, {
      title: `New ${kind}: ${filled.form.short}`, placeHolder: "Choose a field to give it a value", matchOnDescription: true, ignoreFocusOut: true,
    });
    if (chosen === undefined) return undefined;
    if (chosen.field !== undefined) {
      const value = await askValue(filled, chosen.field);
      if (value !== undefined) filled = withValue(filled, chosen.field.name, value);
    } else if (missing.length === 0) {
      return filled;
    }
  }
}

/** A value: typed, or one that runs hold. */
function askValue(order: Order, field: FormField): Promise<string | undefined> {
  return new Promise((resolve) => {
    const input = vscode.window.createQuickPick();
    const known: vscode.QuickPickItem[] = field.held.map(({ value, count }) => ({ label: value, description: `${TIMES}${count} in stored runs` }));
    const show = () => {
      const typed = input.value.trim();
      const own = typed === "" ? [{ label: "", description: field.default === undefined ? "no value" : `the default, ${field.default}` }] : [{ label: typed, description: "as typed" }];
      input.items = [...own.map((item) => ({ ...item, alwaysShow: true })), ...known];
    };
    input.title = `${order.form.short}.${field.name}: ${field.annotation}`;
    input.placeholder = order.isSweep ? "Python; several values make the sweep: 0.1, 0.2 or *range(5)" : "Python: 0.1, Mode.FAST, Data(size=3)";
    input.value = order.values.get(field.name) ?? "";
    input.ignoreFocusOut = true;
    input.onDidChangeValue(show);
    input.onDidAccept(() => {
      resolve(input.selectedItems[0]?.label ?? input.value);
      input.dispose();
    });
    input.onDidHide(() => {
      resolve(undefined);
      input.dispose();
    });
    show();
    input.show();
  });
}

async function chooseFile(order: Order): Promise<string | undefined> {
  const root = vscode.Uri.parse(order.form.root);
  const open = vscode.window.activeTextEditor?.document;
  const files = new Map<string, string>();
  if (open !== undefined && isCodeOf(root, open)) files.set(open.uri.toString(), "the open file");
  const home = vscode.Uri.joinPath(root, order.form.home).toString();
  files.set(home, [files.get(home), "builds most of this class"].filter((words) => words !== undefined).join(", "));
  const items = [...files].map(([uri, description]) => ({ label: vscode.workspace.asRelativePath(vscode.Uri.parse(uri)), description, uri }));
  const elsewhere = { label: "$(new-file) Another or a new file…", description: "", uri: "" };
  const chosen = await vscode.window.showQuickPick([...items, elsewhere], { title: "Write it into which file?", ignoreFocusOut: true });
  if (chosen?.uri !== "") return chosen?.uri;
  const name = await vscode.window.showInputBox({
    title: "Write it into which file?", prompt: "A Python file of the project, from its root; it may be new", value: "experiments/new.py", ignoreFocusOut: true,
    validateInput: (text) => (/^(?!\/)(?!.*\.\.).*\.py$/.test(text.trim()) ? undefined : "A path below the project's root that ends in .py"),
  });
  return name === undefined ? undefined : vscode.Uri.joinPath(root, name.trim()).toString();
}

function isCodeOf(root: vscode.Uri, document: vscode.TextDocument): boolean {
  return document.languageId === "python" && document.uri.scheme === "file" && document.uri.path.startsWith(`${root.path}/`);
}

/** True to write, false to change something, undefined to leave it. */
async function agree(preview: Preview): Promise<boolean | undefined> {
  const write: Choice = { label: `$(check) Write it into ${preview.file}`, description: builtWords(preview), act: "write" };
  const change: Choice = { label: "$(edit) Change something", act: "change" };
  const chosen = await vscode.window.showQuickPick<Choice>([...(preview.code === "" ? [] : [write]), change], {
    title: preview.code === "" ? `It cannot be written: ${preview.problems.join("; ")}` : `It builds ${builtWords(preview)}`, ignoreFocusOut: true,
  });
  return chosen === undefined ? undefined : chosen.act === "write";
}

async function write(connection: Connection, order: Order, into: string): Promise<void> {
  const answer = await connection.execute("huldra.new", parameters(order, into));
  const { done, message } = (answer ?? {}) as { done?: unknown; message?: unknown };
  if (done !== true) void vscode.window.showWarningMessage(`huldra: nothing was written: ${typeof message === "string" ? message : "no reason was given"}`);
}
