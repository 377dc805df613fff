"""What shows how a definition changed: its text then and now, and the commit between. Asked for one run at a time."""

from collections.abc import Callable
from dataclasses import dataclass

from huldra.comparison.code_changes import CodeChange
from huldra.sources.code_files import NoFilesThen
from huldra.sources.last_change import LastChange, last_change
from huldra.sources.repository import Repository
from huldra.stored_runs.model import StoredRun


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where an explanation gets what the code says and said.

    Attributes:
        text_now: Gives the text of a file today; None without one.
        text_then: Gives the text of a file as a run was made with it; None where it cannot be had.
        last_change: Gives what changed a definition since a run.
    """

    text_now: Callable[[str], str | None]
    text_then: Callable[[StoredRun, str], str | None]
    last_change: Callable[[StoredRun, CodeChange], LastChange]


def change_in_git(
    repository: Repository | NoFilesThen, text_now: Callable[[str], str | None], run: StoredRun, change: CodeChange
) -> LastChange:
    """Return what changed a definition since a run; a definition that is gone is sought by its file.

    Effect: asks git.
    """
    commit = None if run.provenance is None else run.provenance.commit
    definition = change.now or change.then
    if isinstance(repository, NoFilesThen) or commit is None or definition is None:
        return LastChange(None)
    if change.now is None:
        return last_change(repository, definition.file, commit)
    lines = (definition.line, definition.end_line)
    return last_change(repository, definition.file, commit, lines, text_now(definition.file))
