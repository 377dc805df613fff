import assert from "node:assert/strict";
import { test } from "node:test";
import { candidates, findServer, type Program, readVersion, type Wishes } from "../../src/servers";

const NOTHING: Wishes = { path: "", python: "", chosen: undefined, folders: [], isWindows: false };

test("a setting is the only candidate", () => {
  assert.deepEqual(candidates({ ...NOTHING, path: "/x/huldra", chosen: "/p/python" }).map((one) => one.command), ["/x/huldra"]);
  assert.deepEqual(candidates({ ...NOTHING, python: "/x/python", folders: ["/a"] }).map((one) => one.args), [["-m", "huldra"]]);
});

test("without one: the chosen interpreter, each folder's .venv, PATH", () => {
  const found = candidates({ ...NOTHING, chosen: "/p/python", folders: ["/a", "/b"] }).map((one) => one.command);
  assert.deepEqual(found, ["/p/python", "/a/.venv/bin/python", "/b/.venv/bin/python", "huldra"]);
  const windows = candidates({ ...NOTHING, folders: ["C:\\a"], isWindows: true }).map((one) => one.command);
  assert.deepEqual(windows, ["C:\\a\\.venv\\Scripts\\python.exe", "huldra"]);
});

test("the first that answers serves; those that do not are named", async () => {
  const answers = (names: readonly string[]) => (program: Program) => Promise.resolve(names.includes(program.command) ? "0.1.0" : undefined);
  const wishes = { ...NOTHING, folders: ["/a"] };
  const found = await findServer(wishes, answers(["huldra"]));
  assert.equal("program" in found && found.program.source, "PATH");
  const absent = await findServer(wishes, answers([]));
  assert.deepEqual("tried" in absent && absent.tried.map((one) => one.source), [".venv of /a", "PATH"]);
});

test("only huldra's own version counts", () => {
  assert.equal(readVersion("huldra 0.1.0\n"), "0.1.0");
  assert.equal(readVersion("Python 3.12.1"), undefined);
  assert.equal(readVersion("huldra: error"), undefined);
});
