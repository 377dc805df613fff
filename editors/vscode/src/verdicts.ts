/** The words for a run's state, with the sign, icon and colour that each is shown with. Shape and word carry the meaning; colour repeats it. */

/** Worst first. */
export const VERDICTS = [
  "failed", "crashed", "preempted", "cancelled", "incomplete", "stale", "running", "queued", "missing", "orphan",
  "unverifiable", "current",
] as const;

export type Verdict = (typeof VERDICTS)[number];
export type Counts = Readonly<Partial<Record<Verdict, number>>>;

interface Look {
  readonly sign: string;
  readonly icon: string;
  readonly color: string;
}

const LOOKS: Readonly<Record<Verdict, Look>> = {
  failed: { sign: "✗", icon: "error", color: "list.errorForeground" },
  crashed: { sign: "✗", icon: "error", color: "list.errorForeground" },
  preempted: { sign: "✗", icon: "debug-disconnect", color: "list.errorForeground" },
  cancelled: { sign: "✗", icon: "circle-slash", color: "list.errorForeground" },
  incomplete: { sign: "…", icon: "circle-large-outline", color: "list.errorForeground" },
  stale: { sign: "≠", icon: "diff-modified", color: "list.warningForeground" },
  running: { sign: "▶", icon: "sync~spin", color: "charts.blue" },
  queued: { sign: "▷", icon: "watch", color: "charts.blue" },
  missing: { sign: "○", icon: "circle-outline", color: "descriptionForeground" },
  orphan: { sign: "∅", icon: "debug-breakpoint-unverified", color: "charts.purple" },
  unverifiable: { sign: "?", icon: "question", color: "descriptionForeground" },
  current: { sign: "✓", icon: "pass", color: "testing.iconPassed" },
};

export function isVerdict(word: unknown): word is Verdict {
  return typeof word === "string" && (VERDICTS as readonly string[]).includes(word);
}

export function lookOf(verdict: Verdict): Look {
  return LOOKS[verdict];
}

/** Whether a process of it may be under way. */
export function isLive(verdict: Verdict): boolean {
  return verdict === "running" || verdict === "queued";
}

export function countsOf(verdicts: Iterable<Verdict>): Counts {
  const found: Partial<Record<Verdict, number>> = {};
  for (const verdict of verdicts) found[verdict] = (found[verdict] ?? 0) + 1;
  return found;
}

/** "2 stale · 7 current", worst first. */
export function countsWords(counts: Counts): string {
  return present(counts).map((verdict) => `${counts[verdict] ?? 0} ${verdict}`).join(" · ");
}

/** "≠ 2  ✓ 7", worst first; verdicts that share a sign are added up. */
export function countsSigns(counts: Counts): string {
  const found = new Map<string, number>();
  for (const verdict of present(counts)) {
    const { sign } = LOOKS[verdict];
    found.set(sign, (found.get(sign) ?? 0) + (counts[verdict] ?? 0));
  }
  return [...found].map(([sign, count]) => `${sign} ${count}`).join("  ");
}

/** The worst verdict that occurs. */
export function worstOf(counts: Counts): Verdict | undefined {
  return present(counts)[0];
}

function present(counts: Counts): Verdict[] {
  return VERDICTS.filter((verdict) => (counts[verdict] ?? 0) > 0);
}
