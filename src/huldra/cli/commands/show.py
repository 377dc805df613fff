"""`huldra show`: everything about one run."""

from collections.abc import Iterator, Mapping

from msgspec import Struct
from rich.text import Text

from huldra.analysis.surroundings import GitState
from huldra.cli.arguments import JSON, Options
from huldra.cli.opening import one_run, open_project
from huldra.cli.sections import DIM, INDENT, place_text
from huldra.cli.terminal import Terminal, aligned, styled, write_data
from huldra.comparison.model import ComparedRun
from huldra.exports.show_json import show_json
from huldra.features.run_details import Relative, RunDetails, run_details, snippet_text
from huldra.features.run_rows import document_of
from huldra.features.run_table import duration_text, scalars_text, size_text
from huldra.features.run_words import LIVE
from huldra.features.short_names import SHORT_HASH
from huldra.formats.config_documents import CLASS_MARKER
from huldra.formats.json_values import JsonValue, readable_json
from huldra.formats.names import short_name
from huldra.plans.config_source import ConfigSource
from huldra.stored_runs.model import Attempt, StoredRun

_DEFAULT_DEPTH = 0
_MOST = 12
_MOST_EVENTS = 8
_SAID_BY_ATTEMPT = frozenset({"ts", "type", "pid", "host", "attempt_id"})
_MOST_LINES = 2000
"""More of a section than anybody reads; a config of 100,000 fields would take a quarter of a minute."""


def show(options: Options) -> int:
    """Effect: write everything about the run to stdout. Return the exit code."""
    terminal = Terminal(options)
    opened = open_project(options, terminal, is_whole=False)
    run = one_run(opened, options.run)
    details = run_details(run, opened.snapshot, opened.workspace.store.path)
    if options.output_format == JSON:
        write_data(show_json(details))
    else:
        depth = _DEFAULT_DEPTH if options.depth is None else options.depth
        terminal.lines(_lines(details, depth, is_verbose=terminal.is_verbose))
    return 0


def _lines(details: RunDetails, depth: int, *, is_verbose: bool) -> Iterator[Text]:
    compared = details.compared
    yield Text.assemble((compared.key, "bold"), "  ", styled(compared.verdict, compared.verdict))
    for reason in compared.reasons:
        yield Text.assemble(INDENT, styled(reason.code, "stale"), "  ", reason.message)
    for note in compared.notes:
        yield Text(f"{INDENT}note {note.code}  {note.message}", style=DIM)
    yield from _section("config", _config(document_of(compared), _Shown(details, compared.key), depth))
    yield from _section("also lies in", list(_copies(details)))
    yield from _section("built at", _sites(details, is_verbose=is_verbose))
    yield from _section("made from", _relatives(details.parents, is_verbose=is_verbose))
    yield from _section("made into", _relatives(details.children, is_verbose=is_verbose))
    run = compared.run
    if isinstance(run, StoredRun):
        yield from _section("run", aligned(list(_record(run, details)), indent=INDENT))
        error = None if run.attempt is None else run.attempt.error
        if error is not None:
            traceback = (error.traceback or f"{error.type}: {error.message}").splitlines()
            yield from _section("error", (Text(f"{INDENT}{line}", style="red") for line in traceback))
        yield from _section("events", _events(details, is_verbose=is_verbose))
    yield from _section(f"files ({size_text(details.files.size)})", _files(details, is_verbose=is_verbose))
    yield from _section("log", (Text(f"{INDENT}{line}", style=DIM) for line in details.log))
    if isinstance(details.snippet, ConfigSource):
        yield from _section("snippet", (Text(f"{INDENT}{line}") for line in snippet_text(details.snippet).splitlines()))


def _section(title: str, lines: Iterator[Text] | list[Text]) -> Iterator[Text]:
    found = list(lines)
    if found:
        yield Text()
        yield Text(title, style="bold")
        yield from found[:_MOST_LINES]
    if len(found) > _MOST_LINES:
        yield Text(f"{INDENT}… and {len(found) - _MOST_LINES:,} more lines; --format json has all", style=DIM)


class _Shown(Struct, frozen=True):
    """Names what a run's config holds at a path: `Class/hash`, or the class alone of what has no run in the store."""

    details: RunDetails
    key: str | None

    def held(self, path: str) -> str | None:
        return None if self.key is None else self.details.held.get(self.key, {}).get(path)

    def name(self, document: Mapping[str, JsonValue], path: str) -> str:
        key = self.held(path)
        digest = "" if key is None else f"/{key.rpartition('/')[2][:SHORT_HASH]}"
        return f"{short_name(str(document[CLASS_MARKER]))}{digest}"


def _config(document: JsonValue, shown: _Shown, depth: int, indent: str = INDENT) -> Iterator[Text]:
    """Yield a config as a tree; below `depth`, what is nested is its class, its hash, and its plain values in short."""
    if not isinstance(document, dict):
        return
    for name, value in document.items():
        if name != CLASS_MARKER:
            yield from _entry(name, value, name, shown, depth, indent)


def _entry(label: str, value: JsonValue, path: str, shown: _Shown, depth: int, indent: str) -> Iterator[Text]:
    """Yield what stands at a path of a config; a container opens where it holds configs under names, or is asked to."""
    if isinstance(value, dict) and CLASS_MARKER in value:
        short = "" if depth > 0 else scalars_text(value)
        yield Text.assemble(
            f"{indent}{label}  ", (shown.name(value, path), "cyan"), (f"  {short}" if short else "", DIM)
        )
        if depth > 0:
            yield from _config(value, _Shown(shown.details, shown.held(path)), depth - 1, f"{indent}{INDENT}")
        return
    parts: list[tuple[str, JsonValue]] = []
    if isinstance(value, dict) and _holds_config(value):
        parts = [(repr(key), item) for key, item in value.items()]
    elif isinstance(value, list) and depth > _DEFAULT_DEPTH and _holds_config(value):
        parts = [(str(index), item) for index, item in enumerate(value)]
    if not parts:
        yield Text(f"{indent}{label}  {_value(value, shown, path)}")
        return
    yield Text(f"{indent}{label}")
    for key, item in parts:
        yield from _entry(f"[{key}]", item, f"{path}[{key}]", shown, depth, f"{indent}{INDENT}")


def _holds_config(value: JsonValue) -> bool:
    match value:
        case dict():
            return CLASS_MARKER in value or any(map(_holds_config, value.values()))
        case list():
            return any(map(_holds_config, value))
        case _:
            return False


def _value(value: JsonValue, shown: _Shown, path: str) -> str:
    if isinstance(value, dict) and CLASS_MARKER in value:
        return shown.name(value, path)
    if isinstance(value, list) and _holds_config(value):
        return f"[{', '.join(_value(item, shown, f'{path}[{index}]') for index, item in enumerate(value))}]"
    if isinstance(value, dict) and _holds_config(value):
        parts = (f"{readable_json(key)}: {_value(item, shown, f'{path}[{key!r}]')}" for key, item in value.items())
        return f"{{{', '.join(parts)}}}"
    return readable_json(value)


def _events(details: RunDetails, *, is_verbose: bool) -> Iterator[Text]:
    events = details.events if is_verbose else details.events[-_MOST_EVENTS:]
    if len(events) < len(details.events):
        yield Text(f"{INDENT}… {len(details.events) - len(events)} earlier (-v shows all)", style=DIM)
    rows: list[tuple[str, str, str]] = []
    for event in events:
        more = (f"{name} {_plain(value)}" for name, value in event.items() if name not in _SAID_BY_ATTEMPT)
        rows.append((_plain(event.get("ts")), _plain(event.get("type")), ", ".join(more)))
    yield from aligned(rows, indent=INDENT)


def _plain(value: JsonValue) -> str:
    return value if isinstance(value, str) else readable_json(value)


def _copies(details: RunDetails) -> Iterator[Text]:
    yield from aligned(
        [(copy.run.path, styled(copy.verdict, copy.verdict)) for copy in details.copies],
        indent=INDENT,
    )


def _sites(details: RunDetails, *, is_verbose: bool) -> list[Text]:
    shown = details.sites if is_verbose else details.sites[:_MOST]
    rows = [
        (place_text(site.place), Text(f"{site.kind}{', under a condition' if site.is_conditional else ''}", style=DIM))
        for site in shown
    ]
    return [*aligned(rows, indent=INDENT), *_more(len(details.sites) - len(shown))]


def _more(count: int) -> list[Text]:
    return [Text(f"{INDENT}… and {count} more (-v shows all)", style=DIM)] if count else []


def _in_git(state: GitState | None) -> str:
    match state:
        case None:
            return ""
        case "tracked":
            return "  tracked by git"
        case "changed":
            return "  tracked by git, changed"
        case "untracked":
            return "  not tracked by git"
        case "ignored":
            return "  ignored by git"


def _relatives(relatives: tuple[Relative, ...], *, is_verbose: bool) -> list[Text]:
    shown = relatives if is_verbose or len(relatives) <= _MOST else relatives[:_MOST]
    rows = [(relative.key, styled(relative.verdict, relative.verdict), relative.via) for relative in shown]
    return [*aligned(rows, indent=INDENT), *_more(len(relatives) - len(shown))]


def _record(run: StoredRun, details: RunDetails) -> Iterator[tuple[str, str]]:
    yield "directory", str(details.directory)
    if run.store:
        yield "store", f"{run.store}, a further store"
    yield "root", f"{run.root}{', version controlled' if run.version_controlled else ''}"
    yield "result", run.result
    if run.created_at:
        yield "created", run.created_at
    if run.duration_s is not None:
        yield "took", duration_text(run.duration_s)
    yield "attempts", str(run.attempts)
    if run.attempt is not None:
        status = _status(run.attempt, details.compared)
        yield "latest", f"{status} on {run.attempt.backend}, started {run.attempt.started_at}"
    made = run.provenance
    if made is not None:
        dirty = " with uncommitted changes" if made.is_dirty else ""
        yield "commit", f"{made.commit or 'not recorded'}{dirty}" + (f" on {made.branch}" if made.branch else "")
        yield "by", f"{made.user}@{made.host}, Python {made.python_version.split()[0]}: {made.command}"


def _status(attempt: Attempt, compared: ComparedRun) -> str:
    """Return what became of an attempt: one whose process is gone is recorded as under way until it is run again."""
    if not attempt.is_active or compared.verdict in LIVE:
        return attempt.status
    return f"{compared.attempt_verdict or 'ended'} (recorded as {attempt.status})"


def _files(details: RunDetails, *, is_verbose: bool) -> Iterator[Text]:
    previews = dict(details.previews)
    files = details.files.files
    shown = files if is_verbose else files[:_MOST]
    for file in shown:
        preview = previews.get(file.name)
        kind = "" if preview is None else f"  {preview.kind}"
        kind += _in_git(details.in_git.get(file.name))
        yield Text.assemble(f"{INDENT}{file.name}", (f"  {size_text(file.size)}{kind}", DIM))
        for line in () if preview is None else preview.lines:
            yield Text(f"{INDENT * 2}{line}")
        if preview is not None and preview.is_cut:
            yield Text(f"{INDENT * 2}…", style=DIM)
    if len(previews) < len(shown):
        yield Text(f"{INDENT}… only the first {len(previews)} are looked into", style=DIM)
    more = details.files.count - len(shown)
    if more:
        yield Text(f"{INDENT}… and {'' if details.files.is_counted else 'more than '}{more:,} more files", style=DIM)
