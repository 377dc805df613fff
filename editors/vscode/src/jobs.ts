/** A started job in a terminal: its log as it grows. The job is a process of its own; closing the terminal does not end it. */

import { open } from "node:fs/promises";
import * as vscode from "vscode";
import { plain } from "./plainText";

const LOOK_EVERY_MS = 300;
const CHUNK_BYTES = 64 * 1024;

/** Show the log of a process until that ends. `log` is a file URI. */
export function followJob(title: string, command: string, log: string, pid: number): void {
  const terminal = vscode.window.createTerminal({ name: `huldra: ${title}`, pty: new LogTerminal(vscode.Uri.parse(log).fsPath, pid, command) });
  terminal.show(true);
}

class LogTerminal implements vscode.Pseudoterminal {
  private readonly written = new vscode.EventEmitter<string>();
  private readonly ended = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.written.event;
  readonly onDidClose = this.ended.event;
  private timer: NodeJS.Timeout | undefined;
  private offset = 0;

  constructor(private readonly log: string, private readonly pid: number, private readonly command: string) {}

  open(): void {
    this.written.fire(`\x1b[2m${withReturns(plain(this.command))}\r\nlog: ${plain(this.log)}\x1b[0m\r\n`);
    this.lookAgain();
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private lookAgain(): void {
    this.timer = setTimeout(() => void this.look(), LOOK_EVERY_MS);
  }

  private async look(): Promise<void> {
    const isAlive = processIsAlive(this.pid);
    try {
      await this.readOn();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") this.written.fire(`${String(error)}\r\n`);
    }
    if (isAlive) this.lookAgain();
    else this.written.fire("\x1b[2m(ended)\x1b[0m\r\n");
  }

  private async readOn(): Promise<void> {
    const file = await open(this.log, "r");
    try {
      for (;;) {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, this.offset);
        if (bytesRead === 0) return;
        // A character may be cut in two: only whole lines are shown, unless one is longer than a chunk.
        const end = buffer.lastIndexOf(10, bytesRead - 1) + 1;
        const taken = end > 0 ? end : bytesRead === CHUNK_BYTES ? bytesRead : 0;
        if (taken === 0) return;
        this.offset += taken;
        this.written.fire(withReturns(plain(buffer.toString("utf8", 0, taken))));
      }
    } finally {
      await file.close();
    }
  }
}

function processIsAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function withReturns(text: string): string {
  return text.replace(/\r?\n/g, "\r\n");
}
