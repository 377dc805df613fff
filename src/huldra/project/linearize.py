"""C3 linearisation, the order in which Python looks through a class's bases. Pure; knows names only.

Source: Barrett et al., "A Monotonic Superclass Linearization for Dylan" (1996), as Python uses it since 2.3.
"""

from collections.abc import Callable, MutableMapping, Sequence


class LinearizationError(ValueError):
    """No order exists: the bases contradict each other, or a class inherits from itself."""


def linearize(
    name: str, bases_of: Callable[[str], Sequence[str]], known: MutableMapping[str, tuple[str, ...]] | None = None
) -> tuple[str, ...]:
    """Return a class and all its ancestors in method resolution order.

    Args:
        name: The class.
        bases_of: The direct bases of a class; empty for one whose bases are not known.
        known: The orders that were found for others by the same bases; this one and its ancestors' are added.

    Raises:
        LinearizationError: the bases are circular or cannot be ordered.
    """
    return _linearize(name, bases_of, (), {} if known is None else known)


def _linearize(
    name: str,
    bases_of: Callable[[str], Sequence[str]],
    path: tuple[str, ...],
    known: MutableMapping[str, tuple[str, ...]],
) -> tuple[str, ...]:
    found = known.get(name)
    if found is not None:
        return found  # it has an order, and so is in no circle
    if name in path:
        raise LinearizationError(" inherits from ".join((*path[path.index(name) :], name)))
    bases = list(bases_of(name))
    if len(set(bases)) != len(bases):
        raise LinearizationError(f"{name} names the same base twice")
    orders = [_linearize(base, bases_of, (*path, name), known) for base in bases]
    if len(orders) < 2:
        found = known[name] = (name, *orders[0]) if orders else (name,)
        return found
    sequences = [list(order) for order in orders]
    sequences.append(bases)
    order = [name]
    while sequences := [sequence for sequence in sequences if sequence]:
        head = next((s[0] for s in sequences if not any(s[0] in other[1:] for other in sequences)), None)
        if head is None:
            raise LinearizationError(f"the bases of {name} cannot be ordered")
        order.append(head)
        for sequence in sequences:
            if sequence[0] == head:
                del sequence[0]
    known[name] = tuple(order)
    return known[name]
