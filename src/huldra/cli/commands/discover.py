"""`huldra discover -- COMMAND`: runs a command while its experiments are recorded; makes manifest entries of them."""

import os
import subprocess
import tempfile
from pathlib import Path

from huldra.cli.arguments import Options, UsageError
from huldra.cli.commands.manifest import write_refusals
from huldra.cli.opening import open_project
from huldra.cli.sections import counts_text
from huldra.cli.terminal import Terminal, write_data
from huldra.cli.writing_files import write_file
from huldra.features.manifest_entries import Entries, checked_entries, entries_of, manifest_text
from huldra.features.recorded import recorded_candidates
from huldra.formats.json_values import JsonError, JsonObject, JsonValue, parse_json

_RECORD = "HULDRA_RECORD"
_STDERR = 2
_EMPTY: JsonObject = {"schema_version": 1, "experiments": []}


def discover(options: Options) -> int:
    """Effect: run the command, its own effects included; write or extend a manifest. Return the command's exit code."""
    terminal = Terminal(options)
    target = None if options.manifest.into is None else Path.cwd() / options.manifest.into
    before = _existing(target)
    code, lines = _recorded(options.manifest.words, is_answer=target is None)
    opened = open_project(options, terminal)
    # The settings need not name the file that is written into.
    there = () if target is None else entries_of(opened.snapshot, before)
    known = {entry.key for entry in (*opened.snapshot.experiments.manifest, *there)}
    candidates, faults = recorded_candidates(lines)
    new = [candidate for candidate in candidates if candidate.key not in known]
    entries = checked_entries(opened.snapshot, new, {entry.name for entry in there})
    write_refusals(terminal, (*faults, *entries.refused))
    _write(target, before, entries)
    already = sum(candidate.key in known for candidate in candidates)
    words = counts_text(len(entries.written), "experiment")
    words += f", {already} more stood in a manifest already" if already else ""
    terminal.hint(f"{words}; the command ended with {code}" if code else words)
    return code


def _recorded(words: tuple[str, ...], *, is_answer: bool) -> tuple[int, list[str]]:
    with tempfile.TemporaryDirectory(prefix="huldra-") as directory:
        path = Path(directory) / "recorded.jsonl"
        try:
            # Where the manifest goes to stdout, the command's own output goes where progress goes.
            stdout = _STDERR if is_answer else None
            done = subprocess.run(words, env={**os.environ, _RECORD: str(path)}, stdout=stdout, check=False)  # noqa: S603  what the user asks for
        except OSError as error:
            raise UsageError(f"{words[0]} cannot be started: {error.strerror}") from error
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return done.returncode if done.returncode >= 0 else 128 - done.returncode, lines


def _existing(target: Path | None) -> JsonValue:
    """Return what a manifest holds already; raise UsageError for what is none, before anything is run."""
    if target is None:
        return dict(_EMPTY)
    try:
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            return dict(_EMPTY)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror or error}; nothing was run") from error
    try:
        document = parse_json(target.read_bytes())
    except (OSError, JsonError) as error:
        raise UsageError(f"{target.name} cannot be read as a manifest: {error}") from error
    listed = document.get("experiments") if isinstance(document, dict) else document
    if not isinstance(listed, list):
        raise UsageError(f"{target.name} is no manifest: it has no list of experiments")
    return document


def _write(target: Path | None, before: JsonValue, entries: Entries) -> None:
    text = manifest_text(_extended(before, entries.written))
    if target is None:
        write_data(text.rstrip("\n"))
    elif entries.written:
        try:
            write_file(target, text)
        except UsageError:
            write_data(text.rstrip("\n"))  # to record it again may take as long as the command did
            raise


def _extended(before: JsonValue, written: tuple[JsonObject, ...]) -> JsonValue:
    if isinstance(before, dict):
        listed = before.get("experiments")
        return {**before, "experiments": [*(listed if isinstance(listed, list) else ()), *written]}
    return [*(before if isinstance(before, list) else ()), *written]
