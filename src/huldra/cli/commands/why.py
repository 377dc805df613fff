"""`huldra why`: from a run through what it holds to the definition that changed, and the commit that changed it."""

from collections.abc import Iterator

from rich.text import Text

from huldra.cli.arguments import JSON, Options
from huldra.cli.opening import one_run, open_project
from huldra.cli.sections import DIM, INDENT, place_text
from huldra.cli.terminal import Terminal, aligned, styled, write_data
from huldra.comparison.code_reasons import place_of
from huldra.comparison.model import ComparedRun
from huldra.exports.why_json import why_json
from huldra.features.attempt_words import no_result_words
from huldra.features.explanation import Cause, Explanation, explain
from huldra.formats.names import short_name
from huldra.stored_runs.model import StoredRun

_SHORT_COMMIT = 9
_WORDS = {
    "current": "today's code builds it, and would give the same result",
    "orphan": "its result still holds, but no code builds it any more",
    "stale": "today's code would not give this result",
    "unverifiable": "it cannot be told whether today's code would give this result",
}
_DIFF_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def why(options: Options) -> int:
    """Effect: write the explanation to stdout. Return the exit code."""
    terminal = Terminal(options)
    opened = open_project(options, terminal, is_whole=False)
    found = one_run(opened, options.run)
    explanation = explain(found, opened.snapshot.comparison_on_demand.by_key(), opened.snapshot.inputs.evidence)
    if options.output_format == JSON:
        built = opened.snapshot.experiments.by_key.get(found.key)
        write_data(why_json(explanation, () if built is None else built.sites))
    else:
        terminal.lines(_lines(explanation))
    return 0


def _lines(explanation: Explanation) -> Iterator[Text]:
    run = explanation.run
    words = _WORDS.get(run.verdict, "")
    likely = ", likely" if run.certainty == "likely" else ""
    yield Text.assemble((run.key, "bold"), "  ", styled(f"{run.verdict}{likely}", run.verdict))
    said = f"{_made(run)}{words}"
    yield from (Text(f"{INDENT}{line}", style=DIM) for line in (said, *no_result_words(run)) if line)
    for cause in explanation.causes:
        yield Text()
        yield from _cause_lines(run, cause)
    if explanation.notes:
        yield Text()
        yield from aligned([(f"note {note.code}", note.message) for note in explanation.notes], indent=INDENT)


def _made(run: ComparedRun) -> str:
    stored = run.run if isinstance(run.run, StoredRun) else None
    if stored is None or stored.created_at is None:
        return ""
    commit = None if stored.provenance is None else stored.provenance.commit
    at = f" at {commit[:_SHORT_COMMIT]}" if commit else ""
    return f"made {stored.created_at[:16].replace('T', ' ')}{at}; "


def _cause_lines(run: ComparedRun, cause: Cause) -> Iterator[Text]:
    reason = cause.reason
    yield Text.assemble(INDENT, styled(reason.code, "stale"), "  ", reason.message)
    yield from aligned(list(_evidence(run, cause)), indent=INDENT * 2)
    for line in cause.diff:
        if not line.startswith(("---", "+++")):
            yield Text(f"{INDENT * 3}{line}", style=_DIFF_STYLES.get(line[:1], ""))


def _evidence(run: ComparedRun, cause: Cause) -> Iterator[tuple[str, Text]]:
    change = cause.change
    if cause.way:
        steps = (f"{short_name(key.rpartition('/')[0])} {key.rpartition('/')[2][:8]}" for key in (run.key, *cause.way))
        yield "upstream", Text(" ← ".join(steps))
    if change is None:
        if cause.reason.place is not None:
            yield "now", place_text(cause.reason.place)
        return
    if len(change.chain) > 1:
        yield "reached", Text(" → ".join(change.chain))
    if change.then is not None:
        at = f" at {cause.revision[:_SHORT_COMMIT]}" if cause.revision else ""
        yield "then", Text.assemble(place_text(place_of(change.then)), (at, DIM))
    if change.now is not None:
        yield "now", place_text(place_of(change.now))
    commit = cause.last_change.commit
    if commit is not None:
        day = commit.author_date[:10]
        yield "changed", Text(f"{commit.id[:_SHORT_COMMIT]}  {day}  {commit.author}: {commit.subject}")
    elif _is_dirty(run) and not cause.last_change.is_uncommitted and not cause.way:
        yield "changed", Text("by an uncommitted edit that was recorded with the run")
    if cause.last_change.is_uncommitted:
        yield "changed", Text("in the working tree, not committed")


def _is_dirty(run: ComparedRun) -> bool:
    provenance = run.run.provenance if isinstance(run.run, StoredRun) else None
    return provenance is not None and bool(provenance.is_dirty)
