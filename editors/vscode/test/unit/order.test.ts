import assert from "node:assert/strict";
import { test } from "node:test";
import { builtWords, missingFields, parameters, previewText, standing, startOrder, withValue } from "../../src/order";
import { classesOf, type Form, type Preview, readForm, readPreview, readRuns, readStatus } from "../../src/protocol";

const field = { annotation: "float", isRequired: false, default: "0.1", value: undefined, held: [] };
const form: Form = {
  class: "p.Train", short: "Train", root: "file:///p", home: "run.py",
  fields: [{ ...field, name: "data", isRequired: true, default: undefined }, { ...field, name: "lr" }, { ...field, name: "seed", value: "3" }],
};
const preview: Preview = {
  code: "train = Train()", imports: ["from p import Train"], file: "run.py", isNew: true, problems: ["HUL105 no\nhash"],
  experiments: [{ class: "p.Train", hash: "abcdef0123456789abcd", verdict: "missing" }, { class: "p.Train", hash: "b", verdict: "current" }],
};

test("an order begins with what it is made like, and lacks what is required", () => {
  const order = startOrder(form, false);
  assert.deepEqual([...order.values], [["seed", "3"]]);
  assert.deepEqual(missingFields(order), ["data"]);
  assert.deepEqual(missingFields(withValue(order, "data", " D() ")), []);
  assert.deepEqual(form.fields.map((one) => standing(order, one)), ["required", "default 0.1", "= 3"]);
});

test("an empty value leaves a field to its default", () => {
  const order = withValue(startOrder(form, true), "seed", "  ");
  assert.deepEqual(parameters(order, "file:///p/run.py"), { uri: "file:///p", class: "p.Train", values: {}, into: "file:///p/run.py" });
});

test("a preview is Python with remarks", () => {
  assert.equal(builtWords(preview), "2 experiments: 1 missing, 1 current");
  const text = previewText(preview);
  assert.ok(text.includes("\ntrain = Train()\n"));
  const remarks = text.split("\n").filter((line) => line !== "" && !["from p import Train", "train = Train()"].includes(line));
  assert.ok(remarks.every((line) => line.startsWith("#")), text);
  assert.ok(text.includes("#   Train abcdef01  missing"));
});

test("answers of another shape are errors that name what is wrong", () => {
  assert.throws(() => readRuns({ projects: [{ root: "r", store: "s", runs: [{}] }] }), /class is no text/);
  assert.deepEqual(classesOf({ classes: [{ name: "a.B", file: "a.py" }, { name: "a.Gone", file: null }] }), ["a.B"]);
  assert.throws(() => readStatus([]), /huldra\/status is no object/);
  assert.throws(() => readForm({ class: "a", short: "a", root: "r", home: "h", fields: {} }), /fields is no list/);
  assert.throws(() => readPreview({ code: "", imports: [], file: "", problems: [], experiments: [{ class: "c", hash: "h", verdict: "odd" }] }), /verdict "odd"/);
  assert.deepEqual(readStatus({ busy: true, projects: [{ root: "r", failure: null, verdicts: { stale: 2, other: 1 } }] }), {
    isBusy: true, projects: [{ root: "r", failure: undefined, counts: { stale: 2 } }],
  });
});
