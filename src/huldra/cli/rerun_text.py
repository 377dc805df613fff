"""The text of `huldra rerun`: the plan as a table, and a line for each step as it goes."""

from collections.abc import Iterable, Iterator, Sequence

from rich.text import Text

from huldra.cli.sections import DIM, INDENT, counts_text
from huldra.cli.terminal import aligned, styled
from huldra.features.short_names import SHORT_HASH
from huldra.formats.names import short_name
from huldra.launch.interpreter import Interpreter
from huldra.launch.local import Outcome, Started
from huldra.launch.prepare import Setting
from huldra.plans.model import LeftOut, Step

_SHORT_COMMIT = 9
_STYLES = {"success": "green", "failed": "red", "interrupted": "red", "not-started": DIM}


def plan_lines(
    settings: Sequence[Setting], left_out: Iterable[LeftOut], interpreter: Interpreter, jobs: int
) -> Iterator[Text]:
    """Yield what would be made, in order, why, with what, and how long it may take."""
    total = sum(len(setting.plan.steps) for setting in settings)
    yield Text.assemble((f"{counts_text(total, 'experiment')} to make", "bold") if total else "nothing to make")
    for setting in settings:
        if setting.commit is not None and setting.plan.steps:
            yield Text(
                f"{INDENT}with the code of {setting.commit[:_SHORT_COMMIT]}, in a worktree of its own", style=DIM
            )
        yield from aligned([_row(step) for step in setting.plan.steps], right=frozenset({3}), indent=INDENT)
        for doubt in setting.doubts if setting.plan.steps else ():
            yield Text.assemble(INDENT, ("note", "yellow"), "  ", doubt)
    for row in left_out:
        yield Text.assemble(INDENT, ("left out", "yellow"), "  ", short_step(row.key), "  ", row.reason)
    if total:
        at_once = f", {jobs} at a time" if jobs > 1 else ""
        yield Text(f"{INDENT}{_cost(settings)}{at_once}; {interpreter.path} ({interpreter.source})", style=DIM)


def short_step(key: str) -> str:
    """Return `LogReg/05c93b71`."""
    name, _, digest = key.rpartition("/")
    return f"{short_name(name)}/{digest[:SHORT_HASH]}"


def start_line(event: Started, before: int, total: int) -> Text:
    """Return the line that says that a step begins."""
    return Text.assemble((f"[{before + event.number}/{total}]", DIM), " ", short_step(event.key))


def end_line(outcome: Outcome) -> Text:
    """Return the line that says how a step ended, and where its log is if it did not end well."""
    words = "" if outcome.seconds is None else f" after {_length(outcome.seconds)}"
    message = f": {outcome.message}" if outcome.message and outcome.result != "interrupted" else ""
    log = f"  {outcome.log}" if outcome.log is not None and outcome.result == "failed" else ""
    style = _STYLES[outcome.result]
    return Text.assemble(INDENT, short_step(outcome.key), " ", (outcome.result, style), words, message, (log, DIM))


def summary_line(outcomes: Sequence[Outcome]) -> Text:
    """Return how many ended in which way."""
    counts = {name: sum(outcome.result == name for outcome in outcomes) for name in _STYLES}
    return Text(" · ").join(styled(f"{count} {name}", _STYLES[name]) for name, count in counts.items() if count)


def _row(step: Step) -> tuple[str | Text, ...]:
    because = step.because if step.purpose == "asked" else f"upstream: {step.because}"
    return short_step(step.key), styled(step.verdict, step.verdict), because, _time(step)


def _time(step: Step) -> str:
    if step.seconds is None:
        return "?"
    return f"≈ {_length(step.seconds)}" if step.estimate == "class-median" else _length(step.seconds)


def _cost(settings: Sequence[Setting]) -> str:
    seconds = sum(setting.plan.seconds for setting in settings)
    unknown = sum(setting.plan.unknown_times for setting in settings)
    if unknown == sum(len(setting.plan.steps) for setting in settings):
        return "nobody knows how long: none like these was ever run"
    known = f"≈ {_length(seconds)} by the last runs"
    return f"{known}, and {unknown} of unknown length" if unknown else known


def _length(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"
