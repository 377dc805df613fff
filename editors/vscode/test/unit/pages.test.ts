import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { graphPage, readOpening } from "../../src/graphPage";
import { plain } from "../../src/plainText";

const template = readFileSync("../../src/huldra/exports/page/graph.html", "utf8");
const parts = { template, style: "", nonce: "NNN", title: "t", graph: {}, graphScript: "https://x/graph.js", graphvizScript: "https://x/graphviz.js" };

test("nothing of code or store ends a script or becomes markup", () => {
  const evil = "</script><script>alert(1)</script>";
  const page = graphPage({ ...parts, title: evil, graph: { classes: [{ name: evil }] } });
  assert.ok(!page.includes("<script>alert"));
  assert.equal(page.match(/<script/g)?.length, 2);
  assert.ok(page.includes("&lt;/script&gt;"));
});

test("the page allows scripts of its nonce only, and nothing from elsewhere", () => {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(graphPage(parts))?.[1] ?? "";
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'nonce-NNN' 'wasm-unsafe-eval';/);
  assert.ok(!policy.includes("unsafe-inline"));
});

test("every place of the template is filled", () => {
  assert.ok(!/@[A-Z]+@/.test(graphPage(parts)));
});

test("a graph that holds the name of a place is left alone", () => {
  assert.ok(graphPage({ ...parts, graph: { name: "@NONCE@" } }).includes('"@NONCE@"'));
});

test("only a place opens anything", () => {
  assert.deepEqual(readOpening({ open: { file: "a.py", line: 3, key: "x" } }), { file: "a.py", line: 3 });
  for (const message of [null, 1, {}, { open: null }, { open: { file: 1, line: 2 } }, { open: { file: "a" } }]) assert.equal(readOpening(message), undefined);
});

test("a log keeps its colours and steers nothing else", () => {
  assert.equal(plain("\x1b[31mred\x1b[0m\tok\n"), "\x1b[31mred\x1b[0m\tok\n");
  assert.equal(plain("a\x1b]0;title\x07b\x1b[2Jc"), "a\ufffd]0;title\ufffdb\ufffd[2Jc");
});
