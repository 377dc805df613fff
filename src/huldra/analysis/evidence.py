"""What shows how a definition changed: its text then and now, and the commit between. Asked for one run at a time."""

from collections.abc import Callable

from msgspec import Struct

from huldra.analysis.shown_places import ShownPlaces
from huldra.comparison.code_changes import CodeChange
from huldra.comparison.code_reasons import place_of
from huldra.fingerprints.model import Definition
from huldra.sources.code_files import NoFilesThen
from huldra.sources.last_change import LastChange, last_change
from huldra.sources.repository import Repository
from huldra.stored_runs.model import StoredRun


class Evidence(Struct, frozen=True):
    """Where an explanation gets what the code says and said.

    Attributes:
        places: Lead from what was analysed to what people see.
        text_now: Gives the text of a file as it was analysed; None without one.
        text_then: Gives the text of a file as a run was made with it; None where it cannot be had.
        last_change: Gives what changed a definition since a run.
    """

    places: ShownPlaces
    text_now: Callable[[str], str | None]
    text_then: Callable[[StoredRun, str], str | None]
    last_change: Callable[[StoredRun, CodeChange], LastChange]

    def lines_now(self, definition: Definition) -> list[str]:
        """Return the lines of a definition of today, without those that were only put in to give it room."""
        text, spacing = self.text_now(definition.file), self.places.spacing.get(definition.file)
        if text is None:
            return []
        if definition.kind == "file":
            return text.splitlines()
        numbered = enumerate(text.splitlines()[definition.line - 1 : definition.end_line], definition.line)
        if spacing is None:
            return [line for _, line in numbered]
        return [line for number, line in numbered if spacing.has(number)]


def change_in_git(
    repository: Repository | NoFilesThen,
    places: ShownPlaces,
    text_now: Callable[[str], str | None],
    run: StoredRun,
    change: CodeChange,
) -> LastChange:
    """Return what changed a definition since a run; a definition that is gone is sought by its file.

    Effect: asks git.
    """
    commit = None if run.provenance is None else run.provenance.commit
    definition = change.now or change.then
    if isinstance(repository, NoFilesThen) or commit is None or definition is None:
        return LastChange(None)
    home, name, since = repository.home_of(definition.file, commit)
    if change.now is None:
        return last_change(home, name, since)
    if definition.kind == "file":
        return last_change(home, name, since, text=text_now(definition.file))
    place = places.place(place_of(definition))
    text = places.text(definition.file, text_now)
    return last_change(home, name, since, (place.line, place.end_line), text)
