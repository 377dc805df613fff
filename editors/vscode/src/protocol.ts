/** What the server says in its own methods, read with suspicion: an answer of another shape is an error that names it. */

import { type Counts, isVerdict, type Verdict } from "./verdicts";

export const RUNS = "huldra/runs";
export const DAG = "huldra/dag";
export const STATUS = "huldra/status";
export const FORM = "huldra/form";
export const PREVIEW = "huldra/preview";
export const STATUS_CHANGED = "huldra/statusChanged";

/** The one argument of every command; checked by the server against the present state. */
export interface Argument {
  readonly uri: string;
  readonly class?: string;
  readonly hash?: string;
  readonly selector?: string;
  /** Why a change does not matter, for `huldra.accept`. */
  readonly reason?: string;
}

export interface Site {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A run, or an experiment that was never run. */
export interface Row {
  readonly class: string;
  readonly hash: string;
  readonly verdict: Verdict;
  readonly certainty: string;
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
  readonly path: string;
  /** The store beside the project's own that it lies in, as people are told of it. */
  readonly store: string | undefined;
  readonly config: Readonly<Record<string, string>>;
  readonly createdAt: string | undefined;
  readonly seconds: number | undefined;
  readonly sites: readonly Site[];
}

export interface ProjectRows {
  readonly root: string;
  readonly store: string;
  readonly rows: readonly Row[];
}

export interface ProjectStatus {
  readonly root: string;
  readonly failure: string | undefined;
  readonly counts: Counts;
}

export interface Status {
  readonly isBusy: boolean;
  readonly projects: readonly ProjectStatus[];
}

export interface ProjectGraph {
  readonly root: string;
  readonly graph: unknown;
}

/** A field of an experiment class, and what stored runs hold in it, most frequent first. */
export interface FormField {
  readonly name: string;
  readonly annotation: string;
  readonly isRequired: boolean;
  readonly default: string | undefined;
  /** What the experiment that it begins from has. */
  readonly value: string | undefined;
  readonly held: readonly { readonly value: string; readonly count: number }[];
}

export interface Form {
  readonly class: string;
  readonly short: string;
  readonly root: string;
  readonly home: string;
  readonly fields: readonly FormField[];
}

/** What code would build, without writing it. */
export interface Preview {
  readonly code: string;
  readonly imports: readonly string[];
  readonly file: string;
  readonly isNew: boolean;
  readonly experiments: readonly { readonly class: string; readonly hash: string; readonly verdict: Verdict }[];
  readonly problems: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

export function readRuns(answer: unknown): ProjectRows[] {
  return list(object(answer, RUNS).projects, "projects").map((item) => {
    const project = object(item, "project");
    return { root: text(project.root, "root"), store: text(project.store, "store"), rows: list(project.runs, "runs").map(readRow) };
  });
}

export function readStatus(answer: unknown): Status {
  const found = object(answer, STATUS);
  return {
    isBusy: found.busy === true,
    projects: list(found.projects, "projects").map((item) => {
      const project = object(item, "project");
      return { root: text(project.root, "root"), failure: optionalText(project.failure), counts: readCounts(project.verdicts) };
    }),
  };
}

export function readGraphs(answer: unknown): ProjectGraph[] {
  return list(object(answer, DAG).projects, "projects").map((item) => {
    const project = object(item, "project");
    return { root: text(project.root, "root"), graph: project.graph };
  });
}

/** The classes of a graph that the code has; those that only the store remembers have no file. */
export function classesOf(graph: unknown): string[] {
  return list(object(graph, "graph").classes, "classes").map((item) => object(item, "class"))
    .filter((item) => typeof item.file === "string").map((item) => text(item.name, "name"));
}

export function readForm(answer: unknown): Form {
  const form = object(answer, FORM);
  return {
    class: text(form.class, "class"),
    short: text(form.short, "short"),
    root: text(form.root, "root"),
    home: text(form.home, "home"),
    fields: list(form.fields, "fields").map((item) => {
      const field = object(item, "field");
      return {
        name: text(field.name, "name"),
        annotation: text(field.annotation, "annotation"),
        isRequired: field.required === true,
        default: optionalText(field.default),
        value: optionalText(field.value),
        held: list(field.held, "held").map((one) => {
          const held = object(one, "held");
          return { value: text(held.value, "value"), count: number(held.count) ?? 0 };
        }),
      };
    }),
  };
}

export function readPreview(answer: unknown): Preview {
  const preview = object(answer, PREVIEW);
  return {
    code: text(preview.code, "code"),
    imports: list(preview.imports, "imports").map((line) => text(line, "import")),
    file: text(preview.file, "file"),
    isNew: preview.new === true,
    experiments: list(preview.experiments, "experiments").map((item) => {
      const row = object(item, "experiment");
      return { class: text(row.class, "class"), hash: text(row.hash, "hash"), verdict: verdict(row.verdict) };
    }),
    problems: list(preview.problems, "problems").map((line) => text(line, "problem")),
  };
}

function readRow(item: unknown): Row {
  const row = object(item, "run");
  return {
    class: text(row.class, "class"),
    hash: text(row.hash, "hash"),
    verdict: verdict(row.verdict),
    certainty: text(row.certainty, "certainty"),
    reasons: list(row.reasons, "reasons").map((one) => {
      const reason = object(one, "reason");
      return { code: text(reason.code, "code"), message: text(reason.message, "message") };
    }),
    path: text(row.path, "path"),
    store: row.store === "" ? undefined : optionalText(row.store),
    config: Object.fromEntries(Object.entries(object(row.config, "config")).map(([name, value]) => [name, text(value, name)])),
    createdAt: optionalText(row.created_at),
    seconds: number(row.duration_s),
    sites: list(row.sites, "sites").map((one) => {
      const site = object(one, "site");
      return { file: text(site.file, "file"), line: number(site.line) ?? 1, column: number(site.column) ?? 1 };
    }),
  };
}

function readCounts(value: unknown): Counts {
  return Object.fromEntries(Object.entries(object(value, "verdicts")).filter(([word]) => isVerdict(word)).map(([word, count]) => [word, number(count) ?? 0]));
}

function verdict(value: unknown): Verdict {
  if (!isVerdict(value)) throw new TypeError(`the server says verdict ${JSON.stringify(value)}, which this extension does not know`);
  return value;
}

function object(value: unknown, what: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError(`the server's ${what} is no object`);
  return value as Json;
}

function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`the server's ${what} is no list`);
  return value as unknown[];
}

function text(value: unknown, what: string): string {
  if (typeof value !== "string") throw new TypeError(`the server's ${what} is no text`);
  return value;
}

function optionalText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
