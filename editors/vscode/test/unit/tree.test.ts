import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProjectRows, Row } from "../../src/protocol";
import { ageWords, type ClassNode, lengthWords, NO_FILTER, passes, shortNames, treeOf } from "../../src/tree";

const NOW = new Date("2026-01-02T12:00:00Z");

function row(more: Partial<Row>): Row {
  return {
    class: "pkg.train.Train", hash: "0123456789abcdef0123", verdict: "current", certainty: "certain", reasons: [], path: "data/x", store: undefined,
    config: { lr: "0.1", seed: "0" }, createdAt: "2026-01-02T10:00:00", seconds: 71, sites: [], ...more,
  };
}

function project(rows: readonly Row[], root = "file:///p"): ProjectRows {
  return { root, store: `${root}/data-huldra`, rows };
}

test("one project shows its classes, several show projects", () => {
  const one = treeOf([project([row({})])], NO_FILTER, NOW);
  assert.deepEqual(one.map((node) => node.kind), ["class"]);
  const two = treeOf([project([row({})]), project([row({})], "file:///q"), project([], "file:///empty")], NO_FILTER, NOW);
  assert.deepEqual(two.map((node) => [node.kind, node.root]), [["project", "file:///p"], ["project", "file:///q"]]);
});

test("an experiment is called by the fields in which its class's members differ", () => {
  const rows = [row({ config: { lr: "0.1", seed: "10" } }), row({ hash: "b", config: { lr: "0.1", seed: "9" } })];
  const [train] = treeOf([project(rows)], NO_FILTER, NOW) as ClassNode[];
  assert.deepEqual(train?.children.map((node) => node.label), ["seed=9", "seed=10"]);
  const [alone] = treeOf([project([row({})])], NO_FILTER, NOW) as ClassNode[];
  assert.equal(alone?.children[0]?.label, "lr=0.1, seed=0");
  const filtered = treeOf([project(rows)], { text: "seed=9", verdicts: new Set() }, NOW) as ClassNode[];
  assert.deepEqual(filtered[0]?.children.map((node) => node.label), ["seed=9"]);
});

test("what looks the same when it is cut comes last in the name of an experiment", () => {
  const data = (seed: number) => `Tokenized(clean=Clean(corpus=Corpus(seed=${seed})))`;
  const rows = [row({ config: { data: data(1), lr: "0.1" } }), row({ hash: "b", config: { data: data(2), lr: "0.2" } })];
  const [train] = treeOf([project(rows)], NO_FILTER, NOW) as ClassNode[];
  assert.deepEqual(train?.children.map((node) => node.label), [0.1, 0.2].map((lr) => `lr=${lr}, data=Tokenized(clean=Clean(c…`));
});

test("where a run lies is said where there are several stores", () => {
  const nodes = (rows: readonly Row[]) => (treeOf([project(rows)], NO_FILTER, NOW) as ClassNode[]).flatMap((node) => node.children);
  assert.deepEqual(nodes([row({}), row({ hash: "b", verdict: "missing" })]).map((node) => node.place), [undefined, undefined]);
  const found = nodes([row({ hash: "a" }), row({ hash: "a", store: "archive" }), row({ hash: "c", verdict: "missing" })]);
  assert.deepEqual(found.map((node) => node.place), ["data-huldra", "archive", undefined]);
  assert.deepEqual(found.map((node) => node.children.filter((child) => child.label.startsWith("in ")).map((child) => child.label)), [["in data-huldra"], ["in archive"], []]);
  assert.ok(passes(row({ store: "archive" }), { text: "archive", verdicts: new Set() }));
  assert.ok(!passes(row({}), { text: "archive", verdicts: new Set() }));
});

test("a class counts what is shown of it", () => {
  const rows = [row({}), row({ hash: "b", verdict: "stale" }), row({ hash: "c", verdict: "stale" })];
  const [train] = treeOf([project(rows)], { text: "", verdicts: new Set(["stale"] as const) }, NOW) as ClassNode[];
  assert.deepEqual(train?.counts, { stale: 2 });
});

test("every word of a filter must occur", () => {
  const filter = (text: string) => ({ text, verdicts: new Set<never>() });
  assert.ok(passes(row({}), filter("TRAIN lr=0.1")));
  assert.ok(passes(row({}), filter("012345 current")));
  assert.ok(!passes(row({}), filter("Train lr=0.2")));
});

test("details hold time, reasons, sites and fields", () => {
  const reasons = [{ code: "code-changed", message: "f changed\nmore" }];
  const [train] = treeOf([project([row({ reasons, sites: [{ file: "a.py", line: 3, column: 1 }] })])], NO_FILTER, NOW) as ClassNode[];
  const details = train?.children[0]?.children.map((node) => [node.label, node.description]);
  assert.deepEqual(details, [["made 2h ago", "took 1m"], ["f changed", "code-changed"], ["a.py:3", ""], ["lr", "0.1"], ["seed", "0"]]);
});

test("short names tell apart", () => {
  assert.deepEqual([...shortNames(["a.b.Train", "a.c.Train", "a.Other"]).values()], ["b.Train", "c.Train", "Other"]);
});

test("times are said as the server says them", () => {
  assert.equal(lengthWords(0.2), "<1s");
  assert.equal(lengthWords(59), "59s");
  assert.equal(lengthWords(3 * 86_400), "3d");
  assert.equal(ageWords("2026-01-02T11:59:59.500Z", NOW), "just now");
  assert.equal(ageWords("2026-01-02T12:00:00+02:00", NOW), "2h ago");
  assert.equal(ageWords("yesterday", NOW), "yesterday");
});
