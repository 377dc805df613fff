"""The parts of the text of `huldra analyze`, one function each: rows of a feature in, aligned lines out."""

from collections.abc import Iterable, Iterator

from rich.text import Text

from huldra.cli.terminal import DIM, INDENT, Terminal, aligned, counts_text, styled
from huldra.comparison.model import ComparedRun
from huldra.experiments.model import DynamicSite
from huldra.features.attempt_words import error_words
from huldra.features.overview import Cause, Overview
from huldra.features.picture import DynamicRow, Picture
from huldra.features.short_names import SHORT_HASH, short_key
from huldra.features.value_text import value_text
from huldra.features.verdict_counts import ClassCounts, Counts
from huldra.project.places import Place
from huldra.project.problems import Problem
from huldra.stored_runs.model import StoredRun

_MOST_ROWS = 8
_MOST_HASHES = 4


def place_text(place: Place | None) -> Text:
    """Return `file:line`, which terminals and editors make a link of."""
    return Text("" if place is None else f"{place.file}:{place.line}", style=DIM)


def class_table(shown: Overview, width: int | None) -> list[Text]:
    """Return the classes with a column for each verdict; with the verdicts in words where those would not fit."""
    verdicts = [verdict for verdict, _ in shown.counts]
    total = ClassCounts(
        name="together",
        is_in_code=True,
        is_abstract=False,
        experiments=sum(row.experiments for row in shown.classes),
        runs=sum(row.runs for row in shown.classes),
        verdicts=shown.counts,
    )
    rows = (*shown.classes, total) if len(shown.classes) > 1 else shown.classes
    header = [Text(word, style=DIM) for word in ("class", "experiments", "runs", *verdicts)]
    table = [header]
    for row in rows:
        counts = dict(row.verdicts)
        name = Text(row.name, style=DIM if row is total else "")
        cells = [Text.assemble(name, class_marks(row)), _number(row.experiments), _number(row.runs)]
        table.append([*cells, *(_number(counts.get(verdict, 0), verdict) for verdict in verdicts)])
    lines = aligned(table, right=frozenset(range(1, len(header))), indent=INDENT)
    if width is None or max(line.cell_len for line in lines) <= width:
        return lines
    narrow = [header[:3]]
    for row, cells in zip(rows, table[1:], strict=True):
        name = Text.assemble(shown.names.get(row.name, row.name), class_marks(row))
        narrow.append([name, *cells[1:3], counts_in_words(row.verdicts)])
    return aligned(narrow, right=frozenset({1, 2}), indent=INDENT)


def class_marks(row: ClassCounts) -> Text:
    """Return what sets a class apart from an ordinary one."""
    word = " (abstract)" if row.is_abstract else "" if row.is_in_code else " (not in code)"
    return Text(word, style=DIM)


def counts_in_words(counts: Counts) -> Text:
    """Return `2 stale · 1 orphan`, each in its colour."""
    return Text(" · ").join(styled(f"{count} {verdict}", verdict) for verdict, count in counts)


def _number(count: int, style: str = "") -> Text:
    return styled(str(count), style) if count else Text("·", style=DIM)


def problem_lines(problems: Iterable[Problem]) -> list[Text]:
    """Return `file:line:column CODE message`, as compilers say it."""
    return [
        Text.assemble(
            INDENT,
            f"{problem.place.file}:{problem.place.line}:{problem.place.column} ",
            styled(problem.code, problem.severity),
            f" {problem.message}",
        )
        for problem in problems
    ]


def cause_lines(shown: Overview, terminal: Terminal) -> Iterator[Text]:
    """Yield each root cause with the runs below it."""
    for cause in shown.causes:
        yield _cause_head(cause)
        yield from _runs_of(cause.runs, shown, terminal, "")
        yield from _runs_of(cause.downstream, shown, terminal, "through it: ")


def _cause_head(cause: Cause) -> Text:
    place = place_text(cause.place)
    return Text.assemble(INDENT, styled(cause.code, "stale"), f"  {cause.message}", "  " if place.plain else "", place)


def _runs_of(keys: tuple[str, ...], shown: Overview, terminal: Terminal, words: str) -> Iterator[Text]:
    """Yield a line for each class, its runs' hashes behind it."""
    by_class: dict[str, list[str]] = {}
    for key in keys:
        class_name, _, digest = key.rpartition("/")
        by_class.setdefault(class_name, []).append(digest[:SHORT_HASH])
    rows = [
        (f"{words}{len(hashes)} {shown.names.get(name, name)}", _folded(hashes, terminal))
        for name, hashes in by_class.items()
    ]
    yield from aligned(rows, indent=INDENT * 3)


def _folded(words: list[str], terminal: Terminal) -> Text:
    kept = words if terminal.is_verbose or len(words) <= _MOST_HASHES + 1 else words[:_MOST_HASHES]
    rest = len(words) - len(kept)
    return Text(f"{' '.join(kept)}{f' … and {rest} more' if rest else ''}", style=DIM)


def ended_lines(shown: Overview, terminal: Terminal) -> list[Text]:
    """Return the runs whose last attempt ended badly, with what it said."""
    rows = [
        (styled(run.verdict, run.verdict), short_key(run.key, shown.names), _ending(run), _first_place(run.sites))
        for run in shown.ended
    ]
    return _folded_rows(aligned(rows, indent=INDENT), terminal)


def _ending(run: ComparedRun) -> str:
    attempt = run.run.attempt if isinstance(run.run, StoredRun) else None
    if attempt is None:
        return "no attempt was recorded"
    if attempt.error is None:
        return attempt.reason or {
            "crashed": "the process is gone, and nothing was recorded of its end",
            "incomplete": "no result",
        }.get(run.verdict, "no message was recorded")
    return error_words(attempt.error)


def live_lines(shown: Overview, terminal: Terminal) -> list[Text]:
    """Return the runs that are waiting or running."""
    rows: list[tuple[Text, str, str]] = []
    for run in shown.live:
        attempt = run.run.attempt if isinstance(run.run, StoredRun) else None
        since = "" if attempt is None else f"since {attempt.started_at}{f' on {attempt.host}' if attempt.host else ''}"
        rows.append((styled(run.verdict, run.verdict), short_key(run.key, shown.names), since))
    return _folded_rows(aligned(rows, indent=INDENT), terminal)


def missing_lines(shown: Overview, terminal: Terminal) -> list[Text]:
    """Return the experiments without a run, each with the first place that builds it."""
    rows = [
        (short_key(row.experiment.key, shown.names), _first_place(tuple(s.place for s in row.experiment.sites)))
        for row in shown.missing
    ]
    return _folded_rows(aligned(rows, indent=INDENT), terminal)


def _first_place(places: tuple[Place, ...]) -> Text:
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    return Text.assemble(place_text(places[0] if places else None), (more, DIM))


def dynamic_lines(picture: Picture, shown: Overview, terminal: Terminal) -> Iterator[Text]:
    """Yield each dynamic site: where it is, what is known, what is not and why."""
    rows = picture.dynamic if terminal.is_verbose else picture.dynamic[:_MOST_ROWS]
    for row in rows:
        name = shown.names.get(row.site.class_name, row.site.class_name)
        yield Text.assemble(INDENT, place_text(row.site.place), "  ", (name, "bold"), _matches(row))
        yield from dynamic_details(row.site, INDENT * 3)
    yield from _rest(len(picture.dynamic) - len(rows))


def dynamic_details(site: DynamicSite, indent: str) -> list[Text]:
    """Return what is known of a dynamic site, and what is not."""
    known = ", ".join(f"{name}={value_text(value)}" for name, value in site.known)
    rows: list[tuple[str | Text, ...]] = [("known", known)] if known else []
    for doubt in site.doubts:
        field = "the config" if doubt.field == "*" else doubt.field
        reason = Text.assemble(f"{field}: {doubt.cause.reason}  ", place_text(doubt.cause.place))
        rows.append((Text("unknown", style="yellow"), reason))
    return aligned(rows, indent=indent)


def _matches(row: DynamicRow) -> Text:
    if not row.matches:
        return Text("  no stored run fits", style=DIM)
    return Text(f"  {counts_text(len(row.matches), 'stored run fits', 'stored runs fit')}", style=DIM)


def orphan_lines(shown: Overview, terminal: Terminal) -> list[Text]:
    """Return the results that nothing builds, with their dates."""
    rows = [
        (short_key(run.key, shown.names), Text(_created(run), style=DIM), Text(run.run.path, style=DIM))
        for run in shown.orphans
    ]
    return _folded_rows(aligned(rows, indent=INDENT), terminal)


def _created(run: ComparedRun) -> str:
    created = run.run.created_at if isinstance(run.run, StoredRun) else None
    return created[:16].replace("T", " ") if created else ""


def unverifiable_lines(shown: Overview, terminal: Terminal) -> Iterator[Text]:
    """Yield each doubt, and the runs that it is about."""
    for doubts in shown.doubts:
        yield Text(f"{INDENT}{counts_text(len(doubts.runs), 'run')}: {doubts.message}")
        yield from _runs_of(doubts.runs, shown, terminal, "")


def _folded_rows(lines: list[Text], terminal: Terminal) -> list[Text]:
    if terminal.is_verbose or len(lines) <= _MOST_ROWS + 1:
        return lines
    return [*lines[:_MOST_ROWS], *_rest(len(lines) - _MOST_ROWS)]


def _rest(count: int) -> list[Text]:
    return [Text(f"{INDENT}… and {count} more (-v shows all)", style=DIM)] if count > 0 else []
