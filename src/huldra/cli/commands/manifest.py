"""`huldra manifest export|check`: the experiments of the code as a manifest, and what manifests say."""

from rich.text import Text

from huldra.cli.arguments import JSON, Options, UsageError
from huldra.cli.opening import Opened, open_project
from huldra.cli.sections import DIM, counts_text, place_text, problem_lines
from huldra.cli.terminal import Terminal, aligned, styled, write_data
from huldra.exports.manifest_json import manifest_check_json
from huldra.features.manifest_entries import CheckedEntry, Refusal, code_entries, manifest_text, understood_entries
from huldra.features.short_names import SHORT_HASH, no_such
from huldra.project.problems import Problem

_FINDINGS = 1


def manifest(options: Options) -> int:
    """Effect: write the answer to stdout. Return the exit code: 1 where a check finds an error."""
    terminal = Terminal(options)
    opened = open_project(options, terminal)
    return (
        _check(options, opened, terminal) if options.manifest.action == "check" else _export(options, opened, terminal)
    )


def _export(options: Options, opened: Opened, terminal: Terminal) -> int:
    keys = [key for key in opened.snapshot.experiments.by_key if _is_asked_for(key, options.targets)]
    for target in options.targets:
        if not any(_is_asked_for(key, (target,)) for key in keys):
            classes = {key.rpartition("/")[0] for key in opened.snapshot.experiments.by_key}
            raise UsageError(no_such("experiment or class in the code", target, classes).message)
    entries = code_entries(opened.snapshot, keys)
    write_data(manifest_text({"schema_version": 1, "experiments": list(entries.written)}).rstrip("\n"))
    write_refusals(terminal, entries.refused)
    return 0


def write_refusals(terminal: Terminal, refused: tuple[Refusal, ...]) -> None:
    """Effect: say on stderr what a manifest cannot hold."""
    for refusal in refused:
        terminal.hint(f"left out {refusal.key}: {refusal.reason}")


def _is_asked_for(key: str, targets: tuple[str, ...]) -> bool:
    """Whether a key is of one of these classes, or of these beginnings of hashes; no targets are all."""
    class_name, _, digest = key.rpartition("/")
    return not targets or any(
        class_name == target or class_name.endswith(f".{target}") or key == target or digest.startswith(target.lower())
        for target in targets
    )


def _check(options: Options, opened: Opened, terminal: Terminal) -> int:
    manifests = opened.snapshot.inputs.manifests
    problems = tuple(p for p in opened.picture.problems if _concerns(p, opened))
    if not manifests and not problems:
        message = 'no manifest is named: set `manifests = ["experiments.json"]` in [tool.huldra]'
        raise UsageError(message)
    entries = understood_entries(opened.snapshot, opened.snapshot.verdicts)
    if options.output_format == JSON:
        write_data(manifest_check_json(entries, problems))
    else:
        terminal.lines(aligned([_row(entry) for entry in entries]))
        terminal.lines(problem_lines(problems))
        if not terminal.is_quiet:
            terminal.line(f"{counts_text(len(entries), 'entry', 'entries')}, {counts_text(len(problems), 'problem')}")
    return _FINDINGS if any(problem.severity == "error" for problem in problems) else 0


def _concerns(problem: Problem, opened: Opened) -> bool:
    named = opened.workspace.settings.manifests
    return problem.place.file in opened.snapshot.inputs.manifests or problem.place.file in named


def _row(checked: CheckedEntry) -> tuple[Text | str, ...]:
    entry = checked.entry
    digest = "" if entry.key is None else entry.key.rpartition("/")[2][:SHORT_HASH]
    verdict = checked.verdict or "not known"
    return (
        place_text(entry.place),
        entry.name or Text("unnamed", style=DIM),
        entry.class_name or "",
        digest,
        styled(verdict, verdict),
        Text(" ".join(entry.tags), style=DIM),
    )
