"""Many generated programs, compared in several processes; disagreements are shrunk and written to a folder.

python -m tests.agreement.long_run --programs 20000
"""

import argparse
import os
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.agreement.choices import seeded
from tests.agreement.compare import AFTER_A_LIMIT, Disagreement, compare, evaluate, link
from tests.agreement.programs import Program, write_program
from tests.agreement.running import Worker
from tests.agreement.shrinking import shrink

CHUNK = 100
KEPT_PER_KIND = 5
_ENDLESS = frozenset({"TooLong", "MemoryError", "the process has ended"})
"""How programs end that do not; their evaluation goes to its limits, and says nothing of what a config costs."""


@dataclass(slots=True)
class Tally:
    """What a stretch of seeds gave."""

    programs: int = 0
    without_unknowns: int = 0
    exact: int = 0
    predicted: int = 0
    built: int = 0
    limited: int = 0
    timed: int = 0
    seconds: float = 0.0
    endings: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    failing: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Take another tally in."""
        self.programs += other.programs
        self.without_unknowns += other.without_unknowns
        self.exact += other.exact
        self.predicted += other.predicted
        self.built += other.built
        self.limited += other.limited
        self.timed += other.timed
        self.seconds += other.seconds
        self.endings += other.endings
        self.kinds += other.kinds
        self.failing += other.failing


def program_of(seed: int) -> Program:
    """Return the program of a seed; every other one may have unknowns."""
    return write_program(seeded(seed), with_unknowns=seed % 2 == 1)


def run_seeds(seeds: Iterable[int]) -> Tally:
    """Return what the programs of some seeds give."""
    tally = Tally()
    with Worker() as worker:
        for seed in seeds:
            _run_seed(worker, seed, tally)
    return tally


def _run_seed(worker: Worker, seed: int, tally: Tally) -> None:
    program = program_of(seed)
    runs = worker.run(program, program.outcomes)
    project = link(program.files)
    begun = time.process_time()
    found = evaluate(project)
    seconds = time.process_time() - begun
    result = compare(program, found, runs)
    tally.programs += 1
    if all((one.error or "").partition(":")[0] not in _ENDLESS for one in runs):
        tally.seconds += seconds
        tally.timed += result.predicted
    if not program.unknowns:
        tally.without_unknowns += 1
        tally.exact += result.is_exact
    tally.predicted += result.predicted
    tally.built += len({key for run in runs for key in run.built})
    tally.endings[(runs[0].error or "to the end").partition(":")[0]] += 1
    kinds = {disagreement.kind for disagreement in result.disagreements}
    tally.limited += AFTER_A_LIMIT in kinds
    for kind in kinds - {AFTER_A_LIMIT}:
        tally.kinds[kind] += 1
        tally.failing.append((seed, kind, str(_first(result.disagreements, kind))))


def _first(disagreements: Iterable[Disagreement], kind: str) -> Disagreement:
    return next(disagreement for disagreement in disagreements if disagreement.kind == kind)


def write_failures(failing: Iterable[tuple[int, str, str]], folder: Path) -> None:
    """Shrink some failing programs of each kind. Effect: writes a file for each."""
    folder.mkdir(parents=True, exist_ok=True)
    counts: Counter[str] = Counter()
    with Worker() as worker:
        for seed, kind, text in sorted(failing):
            counts[kind] += 1
            if counts[kind] > KEPT_PER_KIND:
                continue
            program = shrink(worker, program_of(seed), kind)
            files = "\n".join(f"#: file {file}\n{content}" for file, content in program.files.items())
            (folder / f"{kind}-{seed}.py").write_text(f"# {text}\n\n{files}\n")


def main() -> int:
    """Run, and print the summary; 1 when there is a disagreement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=int, default=20_000)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--failures", type=Path, default=Path(".agreement"))
    options = parser.parse_args()
    end = options.first_seed + options.programs
    chunks = [range(low, min(low + CHUNK, end)) for low in range(options.first_seed, end, CHUNK)]
    tally = Tally()
    with ProcessPoolExecutor(options.processes) as pool:
        for part in pool.map(run_seeds, chunks):
            tally.add(part)
            failed = "".join(f"\n  seed {seed} {kind}: {text[:200]}" for seed, kind, text in part.failing)
            print(f"{tally.programs} of {options.programs} programs, {len(tally.failing)} failing{failed}", flush=True)
    _report(tally)
    if tally.failing:
        write_failures(tally.failing, options.failures)
        print(f"shrunk programs are in {options.failures}")
    return 1 if tally.failing else 0


def _report(tally: Tally) -> None:
    print(f"programs                     {tally.programs}")
    print(f"experiments built            {tally.built}, predicted {tally.predicted}")
    exact = 100 * tally.exact / max(tally.without_unknowns, 1)
    print(f"without unknowns             {tally.without_unknowns}, fully exact {exact:.2f} %")
    print(f"programs that disagree       {len({seed for seed, _, _ in tally.failing})}")
    print(f"differ after a limit         {tally.limited}")
    for kind, count in tally.kinds.most_common():
        print(f"  {kind:26} {count}")
    print("endings                      " + ", ".join(f"{name} {n}" for name, n in tally.endings.most_common()))
    print(f"evaluation, 1,000 configs    {1000 * tally.seconds / max(tally.timed, 1):.1f} s of processor time")
    for seed, kind, text in sorted(tally.failing)[:20]:
        print(f"seed {seed} {kind}: {text[:200]}")


if __name__ == "__main__":
    raise SystemExit(main())
