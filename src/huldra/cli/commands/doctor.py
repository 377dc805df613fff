"""`huldra doctor`: what was found, and why other things were not."""

from collections.abc import Iterator

from rich.text import Text

from huldra.cli.arguments import JSON, Options
from huldra.cli.opening import open_project
from huldra.cli.sections import DIM, counts_text
from huldra.cli.terminal import Terminal, aligned, styled, write_data
from huldra.exports.health_json import health_json
from huldra.features.health import Health, project_health

_MOST = 12


def doctor(options: Options) -> int:
    """Effect: write the findings to stdout. Return the exit code."""
    terminal = Terminal(options)
    opened = open_project(options, terminal)
    health = project_health(opened.workspace, opened.snapshot, opened.picture)
    if options.output_format == JSON:
        write_data(health_json(health))
        return 0
    terminal.lines(aligned(list(_rows(health))))
    for title, words in _lists(health):
        if words:
            terminal.line()
            terminal.line((title, "bold"), f" {len(words)}")
            kept = words if terminal.is_verbose or len(words) <= _MOST + 1 else words[:_MOST]
            terminal.lines(Text(f"  {word}") for word in kept)
            if len(kept) < len(words):
                terminal.line((f"  … and {len(words) - len(kept)} more (-v shows all)", DIM))
    if health.store_words is not None:
        terminal.line()
        terminal.line(styled(health.store_words, "warning"))
    return 0


def _rows(health: Health) -> Iterator[tuple[str | Text, ...]]:
    yield "huldra", health.huldra_version, Text(f"Python {health.python_version}", style=DIM)
    yield "root", health.root, Text(health.root_rule, style=DIM)
    yield "settings", health.settings_file or "none", Text("" if health.settings_file else "the defaults", style=DIM)
    yield "import roots", " ".join(health.import_roots)
    relevant = counts_text(len(health.relevant_files), "can see an experiment class", "can see an experiment class")
    yield "files", counts_text(health.files, "Python file"), Text(relevant, style=DIM)
    yield "code", counts_text(len(health.classes), "class", "classes"), Text(_built(health), style=DIM)
    problems = ", ".join(f"{count} {code}" for code, count in health.problem_counts)
    yield "problems", problems or "none"
    yield "store", health.store, Text(health.store_rule, style=DIM)
    for name, runs in health.further_stores:
        yield "further store", name, Text(counts_text(runs, "run"), style=DIM)
    yield (
        "runs",
        counts_text(health.runs, "run"),
        Text(f"the store is {health.store_status}" if health.store_words else "", style=DIM),
    )
    dirty = "with uncommitted changes" if health.is_dirty else "clean"
    yield "revision", health.revision or "none", Text(dirty if health.revision else "not under git", style=DIM)


def _built(health: Health) -> str:
    return f"{counts_text(health.experiments, 'experiment')}, {counts_text(health.dynamic_sites, 'dynamic site')}"


def _lists(health: Health) -> Iterator[tuple[str, list[str]]]:
    yield "Left out", [f"{problem.name}: {problem.message}" for problem in health.left_out if not problem.is_note]
    yield "Left out by rule", [f"{problem.name}: {problem.message}" for problem in health.left_out if problem.is_note]
    yield "Cannot be imported", [f"{file}: {winner} has the same module name" for file, winner in health.shadowed]
    yield "Files that can see an experiment class", list(health.relevant_files)
    yield "Classes", list(health.classes)
    faults = [f"{problem.path}: {problem.message}" for problem in health.store_problems]
    yield "In the store, unreadable", [*faults, *(f"{path}: {reason}" for path, reason in health.unreadable_runs)]
