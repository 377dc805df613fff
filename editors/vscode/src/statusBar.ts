/** The counts of the window's experiments by verdict, and where the server stands, in the status bar. */

import * as vscode from "vscode";
import type { Connection } from "./connection";
import type { Status } from "./protocol";
import { type Counts, countsSigns, countsWords, VERDICTS } from "./verdicts";

export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("huldra.status", vscode.StatusBarAlignment.Left, 10);
  private readonly subscription: vscode.Disposable;

  constructor(private readonly connection: Connection) {
    this.item.name = "huldra";
    this.item.command = "huldra.experiments.focus";
    this.subscription = connection.onDidChange(() => void this.update());
  }

  dispose(): void {
    this.subscription.dispose();
    this.item.dispose();
  }

  private async update(): Promise<void> {
    const { state } = this.connection;
    if (state === "idle") {
      this.item.hide();
      return;
    }
    this.item.show();
    if (state !== "running") {
      this.item.text = state === "starting" ? "$(sync~spin) huldra" : "$(warning) huldra";
      this.item.tooltip = { starting: "huldra is being started", absent: "huldra's server was not found", stopped: "huldra's server has stopped" }[state];
      return;
    }
    try {
      this.show(await this.connection.status());
    } catch (error) {
      this.connection.output.warn(`status: ${String(error)}`);
    }
  }

  private show(status: Status): void {
    const counts = sum(status.projects.map((project) => project.counts));
    const failures = status.projects.flatMap((project) => project.failure ?? []);
    this.item.text = [failures.length > 0 ? "$(warning) huldra" : "huldra", countsSigns(counts)].filter((words) => words !== "").join("  ");
    const server = this.connection.server;
    this.item.tooltip = [
      ...failures,
      countsWords(counts) || "no experiment yet",
      ...(server === undefined ? [] : [`huldra ${server.version} from ${server.program.source}`]),
    ].join("\n");
  }
}

function sum(all: readonly Counts[]): Counts {
  return Object.fromEntries(VERDICTS.map((verdict) => [verdict, all.reduce((total, counts) => total + (counts[verdict] ?? 0), 0)]));
}
