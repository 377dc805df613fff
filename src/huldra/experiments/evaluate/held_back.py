"""What the body of a generator builds and raises, held back until its consumer has read that far.

The body has been run to its end at once. Whoever takes an element says so here, and what stands before it in the body
is recorded then; what nobody reads is never built.
"""

import builtins
from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.evaluate.recorded import Site
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.values import ConfigObject, IteratorObject, Unknown
from huldra.facts.expressions import Comprehension, Name
from huldra.facts.statements import FunctionDefinition, Handler, Try, With
from huldra.facts.walk import walk

_AT_END = -1
_EXCEPTIONS = frozenset(n for n, v in vars(builtins).items() if isinstance(v, type) and issubclass(v, Exception))
_NOT_READ = "a generator that may be read at another time"


def hold_back(
    machine: Machine,
    iterator: IteratorObject,
    begin: int,
    marks: Sequence[int],
    body: FunctionDefinition | Comprehension,
    error: Raised | None = None,
) -> None:
    """Effect: take back what a body has recorded, so that it is recorded when the iterator is read.

    Where it cannot be told what belongs before which element, all of it may be built: it stays, under a condition.

    Args:
        machine: The evaluation.
        iterator: What the body gives.
        begin: How many sites there were before it was run.
        marks: How many there were at each of its elements.
        body: The code that was run.
        error: What it raises after its last element.
    """
    made = machine.sites[begin:]
    if not made and error is None:
        return
    ends = [begin, *marks, len(machine.sites)]
    is_clear = len(marks) == len(iterator.items) and ends == sorted(ends) and iterator.unknown is None
    if not is_clear or acts_when_left(body):
        machine.sites[begin:] = [site.under(is_conditional=True) for site in made]
        if error is not None:
            iterator.unknown = iterator.unknown or Unknown(f"a generator that raises {error.type_name}", error.place)
        return
    del machine.sites[begin:]
    parts = [made[low - begin : high - begin] for low, high in pairwise(ends)]

    def reach(left: int | None) -> None:
        if left is None:
            machine.sites.extend(_in_doubt(machine, site) for part in parts for site in part)
            return
        is_conditional = bool(machine.conditions)
        part = parts[len(parts) - 2 - left]
        machine.sites.extend(site.under(is_conditional=is_conditional) for site in part)
        if left == _AT_END and error is not None:
            raise error

    iterator.reach = reach


def acts_when_left(body: FunctionDefinition | Comprehension) -> bool:
    """Whether a body may do more when it is left before its end."""
    return any(isinstance(node, With) or (isinstance(node, Try) and _acts(node)) for node in walk(body))


def _acts(statement: Try) -> bool:
    return bool(statement.final) or any(not _is_plain(handler) for handler in statement.handlers)


def _is_plain(handler: Handler) -> bool:
    """Whether a handler does not catch what leaving a generator raises inside, which is no Exception."""
    return isinstance(handler.caught, Name) and handler.caught.id in _EXCEPTIONS


def _in_doubt(machine: Machine, site: Site) -> Site:
    """Return a site of which no more is known than where and of what class it is."""
    doubt = Unknown(_NOT_READ, site.place)
    config = ConfigObject(site.config.cls, dict.fromkeys(site.config.raw, doubt), (doubt,))
    frozen = machine.rules.freeze(machine, config, site.place)
    doubtful = replace(site, config=config, frozen=frozen, doubts=1, arguments={})
    return doubtful.under(is_conditional=True)


def reach(iterator: IteratorObject) -> None:
    """Effect: do what the body does before the element that has just been taken."""
    if iterator.reach is not None:
        iterator.reach(len(iterator.items))


def reach_all(iterator: IteratorObject) -> None:
    """Effect: take all elements that are left, and do what the body does before each and after the last."""
    count, act = len(iterator.items), iterator.reach
    iterator.items.clear()
    if act is not None:
        for left in reversed(range(count)):
            act(left)
    reach_end(iterator)


def reach_end(iterator: IteratorObject) -> None:
    """Effect: do what the body does after its last element, if that has not been done.

    Raises:
        Raised: what the body raises.
    """
    if iterator.state != _AT_END and iterator.step is None:
        iterator.state = _AT_END
        if iterator.reach is not None:
            iterator.reach(_AT_END)


def reach_unknown(iterator: IteratorObject) -> None:
    """Effect: what of the body has not been done may be done at any time, and in another state than it was run in."""
    if iterator.reach is not None:
        iterator.reach, act = None, iterator.reach
        act(None)
