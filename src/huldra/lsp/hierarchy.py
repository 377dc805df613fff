"""Classes and experiments as items of a hierarchy. What they are called travels in `data`."""

from lsprotocol import types

from huldra.features.short_names import short_key
from huldra.features.value_text import outline_text
from huldra.features.verdict_counts import MISSING
from huldra.lsp.documents import Positions
from huldra.lsp.json_objects import as_mapping


def class_item(positions: Positions, name: str) -> types.TypeHierarchyItem | None:
    """Return an experiment class of the project; None for any other, and for one that was edited away."""
    info = positions.published.view.class_info(name)
    if info is None or name not in positions.published.view.classes:
        return None
    whole, word = positions.range(info.place), positions.range(info.name_place)
    if word is None:
        return None
    uri = positions.uri_of(info.origin.file)
    short = info.qualname
    return types.TypeHierarchyItem(
        short, types.SymbolKind.Class, uri, whole or word, word, None, info.module, {"name": name}
    )


def experiment_item(positions: Positions, key: str) -> types.CallHierarchyItem | None:
    """Return an experiment where code builds it; None for one that no code builds."""
    view = positions.published.view
    row = view.experiments.get(key)
    place = None if row is None or not row.experiment.sites else positions.location(row.experiment.sites[0].place)
    if row is None or place is None:
        return None
    verdict = view.snapshot.verdicts.get(key, MISSING)
    detail = f"{verdict} {outline_text(row.experiment.config)}"
    name = short_key(key, view.names)
    kind = types.SymbolKind.Object
    return types.CallHierarchyItem(name, kind, place.uri, place.range, place.range, None, detail, {"name": key})


def item_name(data: object) -> str | None:
    """Return what an item is called."""
    fields = as_mapping(data)
    name = None if fields is None else fields.get("name")
    return name if isinstance(name, str) else None
