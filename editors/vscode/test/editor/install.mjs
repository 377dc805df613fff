// Installs a real VS Code workbench (code-server, from the npm registry) into editors/.hosts, and Chromium where it is missing.
// code-server's own postinstall cannot be used: as root it refuses, and ripgrep's wants a download from elsewhere.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const VERSION = "4.100.3"; // the last whose engines.node is 20
const NATIVE = ["node-pty", "@vscode/spdlog", "native-watchdog", "@parcel/watcher", "kerberos"];
const home = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..", ".hosts", "code-server");
const ready = join(home, `ready-${VERSION}`);

function run(command, args, cwd, { mayFail = false } = {}) {
  console.log(`+ ${command} ${args.join(" ")}`);
  const done = spawnSync(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  if (done.status !== 0 && !mayFail) throw new Error(`${command} ${args.join(" ")} failed in ${cwd}: ${done.error ?? `exit ${done.status}`}`);
}

function has(command) {
  return spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;
}

function installPackages() {
  const missing = [["chromium", "chromium"], ["rg", "ripgrep"]].filter(([command]) => !has(command)).map(([, name]) => name);
  if (!existsSync("/usr/include/gssapi/gssapi.h")) missing.push("libkrb5-dev");
  if (missing.length === 0) return;
  if (!has("apt-get")) throw new Error(`install ${missing.join(", ")} first: there is no apt-get here`);
  run("apt-get", ["update", "-qq"], ".", { mayFail: true });
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], ".");
}

function installServer() {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "package.json"), JSON.stringify({ private: true }));
  run("npm", ["install", `code-server@${VERSION}`, "--ignore-scripts", "--no-audit", "--no-fund"], home);
  run("npm", ["rebuild", "argon2"], home);
  const code = join(home, "node_modules", "code-server", "lib", "vscode");
  run("npm", ["install", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"], code);
  for (const name of NATIVE) run("npm", ["rebuild", name], code, { mayFail: true }); // node-pty fails after what is needed is built
  const bin = join(code, "node_modules", "@vscode", "ripgrep", "bin");
  mkdirSync(bin, { recursive: true });
  rmSync(join(bin, "rg"), { force: true });
  symlinkSync(execFileSync("sh", ["-c", "command -v rg"], { encoding: "utf8" }).trim(), join(bin, "rg"));
  run("npm", ["install", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"], join(code, "extensions"));
  writeFileSync(ready, "");
}

installPackages();
if (existsSync(ready)) console.log(`code-server ${VERSION} is there`);
else installServer();
