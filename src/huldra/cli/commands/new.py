"""`huldra new`: an experiment or a sweep, written into the code after a look at what it would build."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from rich.text import Text

from huldra.analysis.live import LiveProject
from huldra.analysis.unread_code import where_unread
from huldra.cli.arguments import JSON, USAGE_ERROR, Options, UsageError
from huldra.cli.opening import open_project, root_relative
from huldra.cli.sections import DIM, INDENT
from huldra.cli.terminal import Terminal, aligned, styled, write_data
from huldra.cli.writing_files import write_file
from huldra.exports.new_json import new_json
from huldra.features.new_experiment import (
    NOTHING,
    Preview,
    class_of_word,
    home_of,
    preview_of,
    values_of,
    wish_for,
)
from huldra.features.picture import ClassRow
from huldra.features.project_view import ProjectView
from huldra.features.rerun_targets import NoTarget, targets_named
from huldra.features.short_names import NoSuch, short_key
from huldra.plans.new_code import NewCode, new_code
from huldra.plans.values_in_code import NotWritable
from huldra.sources.documents import Unreadable
from huldra.sources.target_file import read_target


class _Planned(Struct, frozen=True):
    """What would be written, and what that would build."""

    row: ClassRow
    code: NewCode
    preview: Preview


def new(options: Options) -> int:
    """Effect: write code, if that is wanted. Return 0 if it was or was not to be, 2 if it was refused."""
    terminal = Terminal(options)
    opened = open_project(options, terminal)
    view = ProjectView(opened.workspace, opened.snapshot)
    planned = _plan(options, view)
    if options.output_format != JSON:
        terminal.lines(_plan_lines(planned, view))
    is_refused = not options.new.is_dry_run and not _is_wanted(options, terminal)
    is_written = not options.new.is_dry_run and not is_refused
    if is_written:
        write_file(opened.workspace.root.path / planned.code.file, planned.code.after)
    if options.output_format == JSON:
        write_data(new_json(planned.row.name, planned.code, planned.preview, is_written=is_written))
    elif is_written:
        terminal.line(f"Wrote {planned.code.file}:{planned.code.first_line}.")
    return USAGE_ERROR if is_refused else 0


def _plan(options: Options, view: ProjectView) -> _Planned:
    row = class_of_word(view, options.new.class_name)
    if isinstance(row, NoSuch):
        raise UsageError(f"{row.message}{where_unread(view.snapshot)}")
    values = {**_begun(options.new.like, view, row), **_typed(options.new.values)}
    wish = wish_for(row, values, options.new.name)
    if isinstance(wish, NotWritable):
        raise UsageError(wish.message)
    root = view.workspace.root.path
    file = home_of(view, row) if options.new.into is None else _file_named(options.new.into, root)
    text = read_target(root / file)
    if isinstance(text, Unreadable):
        raise UsageError(f"{file} cannot be read: {text.reason}")
    code = new_code(wish, file, text, view.snapshot.project)
    if isinstance(code, NotWritable):
        raise UsageError(code.message)
    state = LiveProject(root, options.stores).take_state({file: code.after})
    return _Planned(row, code, preview_of(ProjectView(state.workspace, state.snapshot), code, row.name))


def _file_named(word: str, root: Path) -> str:
    """Return the root-relative name of a file that need not be there yet."""
    path = Path(word)
    if not path.exists():
        given = Path(os.path.abspath(path))  # noqa: PTH100  # links may lead out of the project, and may be meant to
        if not given.is_relative_to(root):
            raise UsageError(f"{word} does not lie in the project {root}")
        name = given.relative_to(root).as_posix()
    else:
        name = root_relative(word, root)
    if not name.endswith(".py"):
        raise UsageError(f"{word} is no Python file")
    return name


def _begun(like: str | None, view: ProjectView, row: ClassRow) -> Mapping[str, str]:
    """The values to begin with."""
    if like is None:
        return NOTHING
    keys = targets_named(view.snapshot, like)
    if isinstance(keys, NoTarget):
        raise UsageError(keys.message)
    if len(keys) != 1:
        raise UsageError(f"--like takes one run or experiment, and {like!r} means {len(keys)}")
    return values_of(view, row, keys[0])


def _typed(words: tuple[str, ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or not name.isidentifier():
            raise UsageError(f"{word!r} gives no field a value: write FIELD=VALUE")
        if name in found:
            raise UsageError(f"{name} is given twice: for a sweep write {name}={found[name]},{value}")
        found[name] = value
    return found


def _plan_lines(planned: _Planned, view: ProjectView) -> list[Text]:
    code, preview = planned.code, planned.preview
    place = f"{code.file}:{code.first_line}{' (a new file)' if code.is_new else ''}"
    written = [*code.imports, *([""] if code.imports else []), *code.code.split("\n")]
    count = len(preview.experiments)
    rows = [(short_key(key, view.names), styled(verdict, verdict)) for key, verdict in preview.experiments]
    return [
        Text(f"To be written to {place}:", style="bold"),
        *(Text(f"{INDENT}{line}") for line in written),
        Text(f"It builds {count} experiment{'' if count == 1 else 's'}:", style="bold"),
        *aligned(rows, indent=INDENT),
        *(Text(f"{INDENT}{problem}", style="yellow") for problem in preview.problems),
        *([] if count or preview.problems else [Text(f"{INDENT}none that can be known", style=DIM)]),
    ]


def _is_wanted(options: Options, terminal: Terminal) -> bool:
    """Effect: ask, if there is anybody to be asked."""
    if options.new.is_confirmed:
        return True
    if options.output_format == JSON or not sys.stdin.isatty():
        terminal.complain("nothing was written: say --yes to write it, or --dry-run to look only")
        return False
    sys.stderr.write("Write it? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
