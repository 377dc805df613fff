"""`huldra show`: everything about one run."""

from collections.abc import Iterator

from rich.text import Text

from huldra.cli.arguments import JSON, Options
from huldra.cli.opening import one_run, open_project
from huldra.cli.sections import DIM, INDENT
from huldra.cli.terminal import Terminal, aligned, styled, write_data
from huldra.exports.show_json import show_json
from huldra.features.run_details import Relative, RunDetails, run_details, snippet_text
from huldra.features.run_rows import document_of
from huldra.features.run_table import duration_text, size_text
from huldra.formats.config_documents import CLASS_MARKER
from huldra.formats.json_values import JsonValue, dump_json
from huldra.formats.names import short_name
from huldra.plans.config_source import ConfigSource
from huldra.stored_runs.model import StoredRun

_DEFAULT_DEPTH = 1
_MOST = 12


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
    yield from _section("config", _config(document_of(compared), depth))
    yield from _section("made from", _relatives(details.parents, is_verbose=is_verbose))
    yield from _section("made into", _relatives(details.children, is_verbose=is_verbose))
    run = compared.run
    if isinstance(run, StoredRun):
        yield from _section("run", aligned(list(_record(run, details)), indent=INDENT))
        error = None if run.attempt is None else run.attempt.error
        if error is not None:
            traceback = (error.traceback or f"{error.type}: {error.message}").splitlines()
            yield from _section("error", (Text(f"{INDENT}{line}", style="red") for line in traceback))
    yield from _section(f"files ({size_text(details.files.size)})", _files(details, is_verbose=is_verbose))
    yield from _section("log", (Text(f"{INDENT}{line}", style=DIM) for line in details.log))
    if isinstance(details.snippet, ConfigSource):
        yield from _section("snippet", (Text(f"{INDENT}{line}") for line in snippet_text(details.snippet).splitlines()))


def _section(title: str, lines: Iterator[Text] | list[Text]) -> Iterator[Text]:
    found = list(lines)
    if found:
        yield Text()
        yield Text(title, style="bold")
        yield from found


def _config(document: JsonValue, depth: int, indent: str = INDENT) -> Iterator[Text]:
    """Yield a config as a tree; below `depth`, what is nested is its class alone."""
    if not isinstance(document, dict):
        return
    for name, value in document.items():
        if name == CLASS_MARKER:
            continue
        if isinstance(value, dict) and CLASS_MARKER in value:
            yield Text.assemble(indent, (f"{name}  ", ""), (short_name(str(value[CLASS_MARKER])), "cyan"))
            if depth > 0:
                yield from _config(value, depth - 1, f"{indent}{INDENT}")
        else:
            yield Text(f"{indent}{name}  {_value(value)}")


def _value(value: JsonValue) -> str:
    if isinstance(value, list) and any(isinstance(item, dict) and CLASS_MARKER in item for item in value):
        names = (
            short_name(str(item[CLASS_MARKER])) for item in value if isinstance(item, dict) and CLASS_MARKER in item
        )
        return f"[{', '.join(names)}]"
    return dump_json(value)


def _relatives(relatives: tuple[Relative, ...], *, is_verbose: bool) -> list[Text]:
    shown = relatives if is_verbose or len(relatives) <= _MOST else relatives[:_MOST]
    rows = [(relative.key, styled(relative.verdict, relative.verdict), relative.via) for relative in shown]
    rest = [Text(f"{INDENT}… and {len(relatives) - len(shown)} more (-v shows all)", style=DIM)]
    return [*aligned(rows, indent=INDENT), *(rest if len(shown) < len(relatives) else [])]


def _record(run: StoredRun, details: RunDetails) -> Iterator[tuple[str, str]]:
    yield "directory", str(details.directory)
    yield "result", run.result
    if run.created_at:
        yield "created", run.created_at
    if run.duration_s is not None:
        yield "took", duration_text(run.duration_s)
    yield "attempts", str(run.attempts)
    if run.attempt is not None:
        yield "latest", f"{run.attempt.status} on {run.attempt.backend}, started {run.attempt.started_at}"
    made = run.provenance
    if made is not None:
        dirty = " with uncommitted changes" if made.is_dirty else ""
        yield "commit", f"{made.commit or 'not recorded'}{dirty}" + (f" on {made.branch}" if made.branch else "")
        yield "by", f"{made.user}@{made.host}, Python {made.python_version.split()[0]}: {made.command}"
    yield "events", str(len(details.events))


def _files(details: RunDetails, *, is_verbose: bool) -> Iterator[Text]:
    previews = dict(details.previews)
    files = details.files.files
    shown = files if is_verbose else files[:_MOST]
    for file in shown:
        preview = previews.get(file.name)
        kind = "" if preview is None else f"  {preview.kind}"
        yield Text.assemble(f"{INDENT}{file.name}", (f"  {size_text(file.size)}{kind}", DIM))
        for line in () if preview is None else preview.lines:
            yield Text(f"{INDENT * 2}{line}")
        if preview is not None and preview.is_cut:
            yield Text(f"{INDENT * 2}…", style=DIM)
    more = details.files.count - len(shown)
    if more:
        yield Text(f"{INDENT}… and {'' if details.files.is_counted else 'more than '}{more:,} more files", style=DIM)
