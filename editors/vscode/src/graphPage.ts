/** The page of the graph for a webview: the one that `huldra graph --format html` writes, with the editor's colours. Plain text in, plain text out. */

export interface PageParts {
  /** `graph.html` with its `@NAME@` places. */
  readonly template: string;
  readonly style: string;
  readonly nonce: string;
  readonly title: string;
  readonly graph: unknown;
  readonly graphScript: string;
  readonly graphvizScript: string;
}

const START = `
const editor = acquireVsCodeApi();
const shown = showGraph(JSON.parse(document.getElementById("data").textContent), Graphviz, (node) => editor.postMessage({ open: node }));
window.addEventListener("message", (event) => { if (event.data?.graph) shown.update(event.data.graph); });
`;

export function graphPage(parts: PageParts): string {
  const values: Readonly<Record<string, string>> = {
    NONCE: parts.nonce,
    TITLE: escapeHtml(parts.title),
    STYLE: parts.style,
    DATA: escapeScript(JSON.stringify(parts.graph)),
    GRAPHVIZ: `import { Graphviz } from ${escapeScript(JSON.stringify(parts.graphvizScript))};`,
    SCRIPT: `import { showGraph } from ${escapeScript(JSON.stringify(parts.graphScript))};`,
    START,
  };
  return parts.template.replace(/@([A-Z]+)@/g, (place, name: string) => values[name] ?? place);
}

export function escapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (sign) => names[sign] ?? sign);
}

/** A `<` inside a script could end it, whatever stands in the code or the store. */
function escapeScript(text: string): string {
  return text.replaceAll("<", "\\u003c");
}

/** What the page asks for when a node's code is wanted; undefined for any other message. */
export function readOpening(message: unknown): { readonly file: string; readonly line: number } | undefined {
  if (typeof message !== "object" || message === null || !("open" in message)) return undefined;
  const { open } = message;
  if (typeof open !== "object" || open === null || !("file" in open) || !("line" in open)) return undefined;
  return typeof open.file === "string" && typeof open.line === "number" ? { file: open.file, line: open.line } : undefined;
}
