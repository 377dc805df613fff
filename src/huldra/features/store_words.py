"""What is wrong with the store, and the way out, for people."""

from typing import TYPE_CHECKING

from msgspec import Struct

from huldra.analysis.host import Workspace
from huldra.project.link import Project
from huldra.sources.root import STORE_VARIABLE, StoreChoice

if TYPE_CHECKING:
    from huldra.features.stores_elsewhere import StoreElsewhere


class StoreWords(Struct, frozen=True):
    """What is said of a store. `text` is None when it holds runs; `meant` is another that may be the right one."""

    text: str | None
    meant: str | None = None


def store_words(status: str, name: str, workspace: Workspace, project: Project) -> StoreWords:
    """Return what is wrong with the store and the way out, in words.

    Args:
        status: What was found (`StoredStore.status`).
        name: The store, as it is shown.
        workspace: Where it was looked for.
        project: The code, which may name another one.
    """
    elsewhere: tuple[StoreElsewhere, ...] = ()
    if status in {"missing", "empty"}:
        from huldra.features.stores_elsewhere import stores_elsewhere  # noqa: PLC0415  # most stores hold runs

        elsewhere = stores_elsewhere(workspace, project)
    meant = elsewhere[0].directory if elsewhere else None
    return StoreWords(_text(status, name, workspace.store, elsewhere), meant)


def _text(status: str, name: str, choice: StoreChoice, elsewhere: "tuple[StoreElsewhere, ...]") -> str | None:
    said_by = {"option": "--store", "environment": STORE_VARIABLE, "settings": "the setting `store`"}.get(choice.origin)
    way_out = f"check {said_by}" if said_by else f"set --store or {STORE_VARIABLE}"
    other = f", but {_elsewhere(elsewhere[0])}" if elsewhere else ""
    match status:
        case "missing":
            is_first = choice.origin in {"settings", "default"} and not other
            first = "; the first load_or_create() makes one" if is_first else ""
            return f"No store found at {name}{other}: {way_out}{first}."
        case "empty" if other:
            return f"The store {name} is empty{other}: {way_out}."
        case "empty":
            return f"The store {name} is empty: no run has been made there yet, or it is not the one ({way_out})."
        case "not-a-directory":
            return f"The store {name} is a file, not a directory: {way_out}."
        case "unreadable":
            return f"The store {name} cannot be read: look at its permissions, or {way_out}."
        case _:
            return None


def _elsewhere(store: "StoreElsewhere") -> str:
    if store.place is None:
        return f"there is one at {store.directory}"
    return f"{store.place.file}:{store.place.line} sets it to {store.directory or 'another directory'}"
