"""`collections.ChainMap` and `types.MappingProxyType`: a look through dicts at what they hold now."""

from huldra.experiments.evaluate.reachable import stored_key
from huldra.experiments.values import AbstractValue, DictObject, External, Partial, Unknown

CHAIN_MAP = External("collections.ChainMap")
PROXY = External("types.MappingProxyType")
LOOKS = (CHAIN_MAP, PROXY)
READS = frozenset({"get", "keys", "values", "items"})
"""The methods that change none of the dicts."""
_PLAIN = frozenset({"dict", "OrderedDict"})
"""Others do something of their own for a key that they do not have."""


def chained_dict(value: AbstractValue) -> DictObject | Unknown | None:
    """Return a dict of what a ChainMap holds at this moment, and the dict behind a proxy; None for anything else."""
    if not isinstance(value, Partial) or value.function not in LOOKS:
        return None
    if value.function == PROXY:
        table = chained_dict(value.positional[0]) or value.positional[0]
        return table if isinstance(table, DictObject | Unknown) else Unknown("a proxy of what is no dict")
    joined = DictObject({})
    for table in reversed(value.positional):
        found = chained_dict(table) or table
        if not isinstance(found, DictObject) or found.type_name not in _PLAIN:
            return found if isinstance(found, Unknown) else Unknown("a ChainMap of what is no plain dict")
        joined.unknown = joined.unknown or found.unknown
        for key, item in found.items.items():
            joined.items[stored_key(joined.items, key)] = item
    return joined
