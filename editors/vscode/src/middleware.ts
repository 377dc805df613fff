/** What stands between VS Code and the server: commands without an argument ask for one, and answers are made more of. */

import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";
import { givenArgument, pickClass, pickExperiment, withReason } from "./choices";
import type { Connection } from "./connection";
import type { GraphPanels } from "./graphPanel";
import { followJob } from "./jobs";
import type { Argument } from "./protocol";
import { type Previews, runWizard } from "./wizard";

const TITLES: Readonly<Record<string, string>> = {
  "huldra.rerun": "Rerun which experiment?",
  "huldra.cancel": "Cancel which run?",
  "huldra.accept": "Accept the change that makes which run stale?",
  "huldra.why": "Why is which run stale?",
  "huldra.showRun": "Show which run?",
  "huldra.showLog": "Open the log of which run?",
  "huldra.copySnippet": "Copy Python for which experiment?",
};
const OF_A_CLASS: Readonly<Record<string, string>> = {
  "huldra.runMissing": "Run what is missing of which class?",
  "huldra.new": "A new experiment of which class?",
  "huldra.sweep": "A new sweep of which class?",
};
const VIEWS = "/.huldra_cache/views/";

/** The parts of the extension that the middleware needs; they come to be after it. */
export interface Parts {
  readonly connection: Connection;
  readonly graphs: GraphPanels;
  readonly previews: Previews;
}

export function createMiddleware(parts: () => Parts): Middleware {
  let isCopying = false;
  return {
    executeCommand: async (command, given: unknown[], next) => {
      const { connection, graphs, previews } = parts();
      const chosen = givenArgument(given[0]) ?? (await ask(command, connection));
      const argument = chosen !== undefined && command === "huldra.accept" ? await withReason(chosen) : chosen;
      if (argument === undefined && (command in TITLES || command in OF_A_CLASS)) return undefined;
      if (command === "huldra.showDag") return graphs.show(argument?.uri, focusOf(argument));
      if (argument !== undefined && (command === "huldra.new" || command === "huldra.sweep")) {
        return runWizard(connection, previews, argument, command === "huldra.sweep");
      }
      isCopying = command === "huldra.copySnippet";
      try {
        const answer: unknown = await next(command, argument === undefined ? [] : [argument]);
        await after(command, answer);
        return answer;
      } finally {
        isCopying = false;
      }
    },
    window: {
      showDocument: async (params, token, next) => {
        const uri = vscode.Uri.parse(params.uri);
        if (isCopying && uri.path.includes(VIEWS)) return { success: true };
        if (uri.path.includes(VIEWS) && uri.path.endsWith(".md")) {
          await vscode.commands.executeCommand("markdown.showPreview", uri);
          return { success: true };
        }
        return next(params, token);
      },
    },
  };
}

async function ask(command: string, connection: Connection): Promise<Argument | undefined> {
  const experiment = TITLES[command];
  if (experiment !== undefined) return pickExperiment(command, experiment, await connection.runs());
  const ofClass = OF_A_CLASS[command];
  return ofClass === undefined ? undefined : pickClass(ofClass, await connection.graphs(undefined));
}

async function after(command: string, answer: unknown): Promise<void> {
  if (typeof answer !== "object" || answer === null || !("done" in answer) || answer.done !== true) return;
  if (command === "huldra.copySnippet" && "text" in answer && typeof answer.text === "string") {
    await vscode.env.clipboard.writeText(answer.text);
    vscode.window.setStatusBarMessage("huldra: copied", 3000);
  }
  if ("pid" in answer && typeof answer.pid === "number" && "log" in answer && typeof answer.log === "string") {
    const words = "command" in answer && typeof answer.command === "string" ? answer.command : "";
    followJob(command === "huldra.runMissing" ? "missing" : "rerun", words, answer.log, answer.pid);
  }
}

/** The class or experiment that a graph is drawn around. */
export function focusOf(argument: Argument | undefined): string | undefined {
  if (argument?.class === undefined || argument.class === "") return undefined;
  return argument.hash === undefined || argument.hash === "" ? argument.class : `${argument.class}/${argument.hash}`;
}
