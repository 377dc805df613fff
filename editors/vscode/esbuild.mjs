// Bundles the extension into dist/, with the graph page's parts, which the Python package owns; with --tests, the tests into out/.
import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const isForTests = process.argv.includes("--tests");
const isForProduction = process.argv.includes("--production");
const common = { bundle: true, platform: "node", format: "cjs", target: "node18", logLevel: "warning" };

async function copyPage() {
  const page = new URL("../../src/huldra/exports/page/", import.meta.url);
  await mkdir("dist/page", { recursive: true });
  for (const name of ["graph.html", "graph.js", "graph.css", "graphviz.js", "graphviz.LICENSE"]) await cp(new URL(name, page), `dist/page/${name}`);
}

async function testFiles() {
  const names = await readdir("test", { recursive: true });
  return names.filter((name) => name.endsWith(".test.ts") || name.endsWith("measure.ts")).map((name) => join("test", name));
}

if (isForTests) {
  await rm("out", { recursive: true, force: true });
  await build({ ...common, entryPoints: await testFiles(), outdir: "out/test", outbase: "test", packages: "external", sourcemap: "inline" });
} else {
  await rm("dist", { recursive: true, force: true });
  await build({
    ...common, entryPoints: ["src/extension.ts"], outfile: "dist/extension.js", external: ["vscode"],
    minify: isForProduction, sourcemap: isForProduction ? false : "linked",
  });
  await copyPage();
}
