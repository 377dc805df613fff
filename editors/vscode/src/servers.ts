/** Which program serves the window: what is asked for, then the Python of the workspace, then PATH. Decides; runs nothing itself. */

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** Where it comes from, for people. */
  readonly source: string;
}

export interface Wishes {
  /** Setting `huldra.path`. */
  readonly path: string;
  /** Setting `huldra.python`. */
  readonly python: string;
  /** The interpreter chosen in the Python extension. */
  readonly chosen: string | undefined;
  readonly folders: readonly string[];
  readonly isWindows: boolean;
}

/** What a program said when it was asked for its version; undefined if it is not there or is not huldra. */
export type Probe = (program: Program) => Promise<string | undefined>;

export interface Found {
  readonly program: Program;
  readonly version: string;
}

export interface Absent {
  readonly tried: readonly Program[];
}

const OF_A_MODULE = ["-m", "huldra"] as const;

/** The programs in the order in which they are tried. A setting that is made is the only one: falling back from it would hide a slip. */
export function candidates(wishes: Wishes): Program[] {
  if (wishes.path !== "") return [{ command: wishes.path, args: [], source: "setting huldra.path" }];
  if (wishes.python !== "") return [{ command: wishes.python, args: OF_A_MODULE, source: "setting huldra.python" }];
  const found: Program[] = [];
  if (wishes.chosen !== undefined) found.push({ command: wishes.chosen, args: OF_A_MODULE, source: "the Python extension" });
  const [folder, name] = wishes.isWindows ? ["Scripts", "python.exe"] : ["bin", "python"];
  const separator = wishes.isWindows ? "\\" : "/";
  for (const root of wishes.folders) {
    found.push({ command: [root, ".venv", folder, name].join(separator), args: OF_A_MODULE, source: `.venv of ${root}` });
  }
  found.push({ command: "huldra", args: [], source: "PATH" });
  return found;
}

/** The first that answers. */
export async function findServer(wishes: Wishes, probe: Probe): Promise<Found | Absent> {
  const tried = candidates(wishes);
  for (const program of tried) {
    const version = await probe(program);
    if (version !== undefined) return { program, version };
  }
  return { tried };
}

/** The version in `huldra 0.1.0`; undefined for another program's words. */
export function readVersion(output: string): string | undefined {
  return /^huldra(?:-lab)?\s+(\S+)/.exec(output.trim())?.[1];
}
