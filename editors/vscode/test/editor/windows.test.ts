/** Other windows: several folders, one that is not trusted, one without a server, one that has nothing to do with huldra. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { missing, type Opening, Workbench } from "./host";

const skip = missing() ?? false;

function inWindow(name: string, opening: Opening, run: (bench: Workbench) => Promise<void>): void {
  test(name, { skip }, async () => {
    const bench = await Workbench.open(opening);
    try {
      await run(bench);
    } catch (error) {
      await bench.screenshot(`failed-${name.replace(/\W+/g, "-")}`);
      throw error;
    } finally {
      await bench.close();
    }
  });
}

inWindow("two folders are two projects of one server", { projects: ["first", "second"] }, async (bench) => {
  await bench.openFile("experiments.py", 11);
  await bench.waitForLens(/done/);
  await bench.openView();
  const rows = (await bench.rows().allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
  assert.ok(rows.some((text) => /^first\s*\d/.test(text)), rows.join(" | "));
  await bench.rows().filter({ hasText: /^first/ }).first().click();
  await bench.page.waitForTimeout(500);
  const folded = (await bench.rows().allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
  assert.ok(folded.some((text) => /^second\s*\d/.test(text)), folded.join(" | "));
  await bench.screenshot("two-folders");
});

inWindow("nothing is started in a folder that is not trusted", { isTrusted: false, file: "toytext/experiments.py" }, async (bench) => {
  await bench.page.locator(".view-line", { hasText: "train_clean" }).first().waitFor({ timeout: 60_000 });
  await bench.page.locator(".activitybar .action-item a[aria-label^='huldra']").click();
  await bench.page.locator(".welcome-view-content", { hasText: /not trusted/ }).waitFor({ timeout: 60_000 });
  await bench.page.waitForTimeout(4000);
  assert.deepEqual(await bench.lenses(), []);
  await bench.screenshot("untrusted");
  await bench.command("Workspaces: Manage Workspace Trust");
  await bench.page.locator(".workspace-trust-editor .monaco-button", { hasText: /^Trust$/ }).click();
  await bench.openFile("experiments.py");
  await bench.waitForLens(/done/);
  await bench.screenshot("trusted");
});

const ELSEWHERE = { "main.py": "import json\n\nprint(json.dumps({}))\n", "pyproject.toml": "[project]\nname = \"other\"\n" };

inWindow("nothing is started in a project that does not name huldra", { projects: ["other"], files: ELSEWHERE, file: "main.py" }, async (bench) => {
  await bench.page.locator(".view-line", { hasText: "import" }).first().waitFor({ timeout: 60_000 });
  await bench.page.locator(".activitybar .action-item a[aria-label^='huldra']").click();
  await bench.page.locator(".welcome-view-content", { hasText: /the server was not started/ }).waitFor({ timeout: 60_000 });
  assert.equal(await bench.page.locator(".statusbar-item", { hasText: /huldra/ }).count(), 0);
  assert.ok(!existsSync(join(bench.root, ".huldra_cache")));
  await bench.screenshot("idle");
});

inWindow("a window without a server says how to get one", { file: "toytext/experiments.py", settings: { "huldra.python": "/nowhere/python" } }, async (bench) => {
  await bench.page.locator(".view-line", { hasText: "train_clean" }).first().waitFor({ timeout: 60_000 });
  await bench.page.locator(".activitybar .action-item a[aria-label^='huldra']").click();
  await bench.page.locator(".welcome-view-content", { hasText: /not found/ }).waitFor({ timeout: 60_000 });
  await bench.screenshot("no-server");
});
