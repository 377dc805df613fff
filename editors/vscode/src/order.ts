/** A new experiment as it is being put together: plain data, and the words that show it. */

import type { Form, FormField, Preview } from "./protocol";

export interface Order {
  readonly form: Form;
  readonly isSweep: boolean;
  /** Python by field, as typed; several values of one field make a sweep. */
  readonly values: ReadonlyMap<string, string>;
}

export function startOrder(form: Form, isSweep: boolean): Order {
  const given = form.fields.flatMap((field) => (field.value === undefined ? [] : [[field.name, field.value] as const]));
  return { form, isSweep, values: new Map(given) };
}

/** The order with another value for a field; an empty one leaves the field to its default. */
export function withValue(order: Order, name: string, value: string): Order {
  const values = new Map(order.values);
  if (value.trim() === "") values.delete(name);
  else values.set(name, value.trim());
  return { ...order, values };
}

/** The required fields that have no value yet. */
export function missingFields(order: Order): string[] {
  return order.form.fields.filter((field) => field.isRequired && !order.values.has(field.name)).map((field) => field.name);
}

/** "= 0.7", "default 0.1", "required". */
export function standing(order: Order, field: FormField): string {
  const value = order.values.get(field.name);
  if (value !== undefined) return `= ${value}`;
  if (field.isRequired) return "required";
  return field.default === undefined ? "has a default" : `default ${field.default}`;
}

/** What the server is asked to show or write. */
export function parameters(order: Order, into: string): object {
  return { uri: order.form.root, class: order.form.class, values: Object.fromEntries(order.values), into };
}

/** "2 experiments: 1 missing, 1 current". */
export function builtWords(preview: Preview): string {
  const count = preview.experiments.length;
  const verdicts = [...new Set(preview.experiments.map((row) => row.verdict))];
  const words = verdicts.map((verdict) => `${preview.experiments.filter((row) => row.verdict === verdict).length} ${verdict}`);
  return `${count} experiment${count === 1 ? "" : "s"}${words.length > 0 ? `: ${words.join(", ")}` : ""}`;
}

/** The preview as Python with remarks, to be read in an editor. */
export function previewText(preview: Preview): string {
  const rows = preview.experiments.map((row) => `#   ${row.class.replace(/^.*\./, "")} ${row.hash.slice(0, 8)}  ${row.verdict}`);
  const problems = preview.problems.map((problem) => `#   ${problem.replace(/\s+/g, " ")}`);
  return [
    ...(preview.code === "" ? [] : [`# To be written to ${preview.file}${preview.isNew ? " (a new file)" : ""}; nothing is written yet.`, ""]),
    ...preview.imports,
    ...(preview.imports.length > 0 ? [""] : []),
    ...(preview.code === "" ? [] : [preview.code, "", `# It builds ${builtWords(preview)}`]),
    ...rows,
    ...(problems.length > 0 ? ["# But:", ...problems] : []),
    "",
  ].join("\n");
}
