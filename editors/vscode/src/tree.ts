/** The tree of the Experiments view as plain data: class, experiment, and what is known of its run. */

import type { ProjectRows, Row, Site } from "./protocol";
import { type Counts, countsOf, type Verdict } from "./verdicts";

export interface Filter {
  readonly text: string;
  readonly verdicts: ReadonlySet<Verdict>;
}

export const NO_FILTER: Filter = { text: "", verdicts: new Set() };

export interface ProjectNode {
  readonly kind: "project";
  readonly root: string;
  readonly counts: Counts;
  readonly children: readonly ClassNode[];
}

export interface ClassNode {
  readonly kind: "class";
  readonly root: string;
  readonly class: string;
  readonly label: string;
  readonly counts: Counts;
  readonly children: readonly ExperimentNode[];
}

export interface ExperimentNode {
  readonly kind: "experiment";
  readonly root: string;
  readonly store: string;
  readonly row: Row;
  /** The fields in which it differs from the others of its class, or all if it is the only one. */
  readonly label: string;
  /** Where it lies, in a project that looks at several stores. */
  readonly place: string | undefined;
  readonly children: readonly DetailNode[];
}

export interface DetailNode {
  readonly kind: "detail";
  readonly icon: string;
  readonly label: string;
  readonly description: string;
  readonly root: string;
  readonly site: Site | undefined;
}

export type Node = ProjectNode | ClassNode | ExperimentNode | DetailNode;

const LONGEST_VALUE = 24;

export function isFiltering(filter: Filter): boolean {
  return filter.text !== "" || filter.verdicts.size > 0;
}

/** The tree of what passes the filter: classes of the only project, else projects. */
export function treeOf(projects: readonly ProjectRows[], filter: Filter, now: Date): readonly (ProjectNode | ClassNode)[] {
  const nodes = projects.map((project) => projectNode(project, filter, now));
  const [only] = nodes;
  if (only !== undefined && nodes.length === 1) return only.children;
  return nodes.filter((node) => node.children.length > 0);
}

/** Every word of the text must occur in class, hash, verdict, store, or "field=value". */
export function passes(row: Row, filter: Filter): boolean {
  if (filter.verdicts.size > 0 && !filter.verdicts.has(row.verdict)) return false;
  const where = [row.class, row.hash, row.verdict, row.store ?? "", ...Object.entries(row.config).map(([name, value]) => `${name}=${value}`)].join("\n").toLowerCase();
  return filter.text.toLowerCase().split(/\s+/).every((word) => where.includes(word));
}

function projectNode(project: ProjectRows, filter: Filter, now: Date): ProjectNode {
  const chosen = project.rows.filter((row) => passes(row, filter));
  const byClass = groupBy(chosen, (row) => row.class);
  const all = groupBy(project.rows, (row) => row.class);
  const labels = shortNames([...all.keys()]);
  const children = [...byClass.keys()].sort(byLabel(labels)).map((name) =>
    classNode(project, name, labels.get(name) ?? name, byClass.get(name) ?? [], differing(all.get(name) ?? []), now));
  return { kind: "project", root: project.root, counts: countsOf(chosen.map((row) => row.verdict)), children };
}

function classNode(project: ProjectRows, name: string, label: string, rows: readonly Row[], fields: readonly string[], now: Date): ClassNode {
  const children = rows.map((row) => ({
    kind: "experiment" as const, root: project.root, store: project.store, row, label: rowLabel(row, fields), place: placeOf(project, row), children: details(project, row, now),
  }));
  children.sort((a, b) => a.label.localeCompare(b.label, "en", { numeric: true }));
  return { kind: "class", root: project.root, class: name, label, counts: countsOf(rows.map((row) => row.verdict)), children };
}

function details(project: ProjectRows, row: Row, now: Date): DetailNode[] {
  const found: DetailNode[] = [];
  const add = (icon: string, label: string, description: string, site?: Site) =>
    found.push({ kind: "detail", icon, label, description, root: project.root, site });
  if (row.createdAt !== undefined) add("history", `made ${ageWords(row.createdAt, now)}`, row.seconds === undefined ? "" : `took ${lengthWords(row.seconds)}`);
  for (const reason of row.reasons) add("diff-modified", reason.message.split("\n")[0] ?? "", reason.code);
  for (const site of row.sites) add("go-to-file", `${site.file}:${site.line}`, "", site);
  const place = placeOf(project, row);
  if (place !== undefined) add("database", `in ${place}`, "");
  for (const [name, value] of Object.entries(row.config)) add("symbol-field", name, value);
  return found;
}

/** The store that a run lies in, where there is more than one; an experiment that was never run lies in none. */
function placeOf(project: ProjectRows, row: Row): string | undefined {
  if (row.verdict === "missing" || !hasSeveralStores(project)) return undefined;
  return row.store ?? decodeURIComponent(project.store.replace(/\/+$/, "").split("/").pop() ?? "");
}

const several = new WeakMap<ProjectRows, boolean>();

function hasSeveralStores(project: ProjectRows): boolean {
  let found = several.get(project);
  if (found === undefined) {
    found = project.rows.some((row) => row.store !== undefined);
    several.set(project, found); // asked for every one of very many rows
  }
  return found;
}

function rowLabel(row: Row, fields: readonly string[]): string {
  const shown = fields.filter((name) => name in row.config).map((name) => `${name}=${short(row.config[name] ?? "")}`);
  return shown.length > 0 ? shown.join(", ") : row.hash.slice(0, 8);
}

/** The fields whose values differ between rows, those first that also do as they are shown; all of them where there is one row only. */
function differing(rows: readonly Row[]): string[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.config)))];
  const differ = (name: string, shown: (value: string) => string) => new Set(rows.map((row) => shown(row.config[name] ?? ""))).size > 1;
  if (rows.length < 2) return names;
  const found = names.filter((name) => differ(name, (value) => value));
  return [...found.filter((name) => differ(name, short)), ...found.filter((name) => !differ(name, short))];
}

/** The last parts of dotted names, as many as tell them apart. */
export function shortNames(names: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of names) {
    const parts = name.split(".");
    let count = 1;
    const tail = (other: string) => other.split(".").slice(-count).join(".");
    while (count < parts.length && names.filter((other) => tail(other) === tail(name)).length > 1) count += 1;
    found.set(name, tail(name));
  }
  return found;
}

function byLabel(labels: ReadonlyMap<string, string>): (a: string, b: string) => number {
  return (a, b) => (labels.get(a) ?? a).localeCompare(labels.get(b) ?? b, "en");
}

function short(value: string): string {
  return value.length <= LONGEST_VALUE ? value : `${value.slice(0, LONGEST_VALUE - 1)}…`;
}

const UNITS = [[86_400 * 365, "y"], [86_400, "d"], [3600, "h"], [60, "m"], [1, "s"]] as const;

/** "12m", in the largest whole unit, as the server's lenses say it. */
export function lengthWords(seconds: number): string {
  for (const [size, unit] of UNITS) if (seconds >= size) return `${Math.floor(seconds / size)}${unit}`;
  return "<1s";
}

/** "2h ago". A time without an offset is UTC. */
export function ageWords(created: string, now: Date): string {
  const aware = /(?:Z|[+-]\d{2}:?\d{2})$/.test(created) ? created : `${created}Z`;
  const seconds = (now.getTime() - new Date(aware).getTime()) / 1000;
  if (Number.isNaN(seconds)) return created;
  return seconds < 1 ? "just now" : `${lengthWords(seconds)} ago`;
}

function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const found = new Map<string, Item[]>();
  for (const item of items) {
    const group = found.get(key(item));
    if (group === undefined) found.set(key(item), [item]);
    else group.push(item);
  }
  return found;
}
