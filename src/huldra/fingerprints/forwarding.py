"""Whether code hands on keywords only that its own callers name: `wrapper(*args, **kwargs)` brings in no name."""

from collections import Counter
from collections.abc import Iterable

from huldra.facts.bound_by import bound_by
from huldra.facts.expressions import Argument, Lambda, Name, Node
from huldra.facts.statements import FunctionDefinition
from huldra.facts.walk import walk

FORWARDED = frozenset({"**"})


def only_forwards(parts: Iterable[Node | None]) -> bool:
    """Whether each `**x` of a call is the `**x` of a function around it, which is used for nothing else."""
    kinds: dict[str, set[str]] = {}
    used: Counter[str] = Counter()
    handed_on: Counter[str] = Counter()
    for node in (inner for part in parts if part is not None for inner in walk(part)):
        match node:
            case FunctionDefinition(parameters=parameters) | Lambda(parameters=parameters):
                for parameter in parameters:
                    kinds.setdefault(parameter.name, set()).add(parameter.kind)
            case Name(id=name):
                used[name] += 1
            case Argument(star="**", value=Name(id=name)):
                handed_on[name] += 1
            case Argument(star="**"):
                return False
            case _:
                pass
        for name in bound_by(node):
            kinds.setdefault(name, set()).add("bound")
    return all(kinds.get(name) == {"var_keyword"} and used[name] == count for name, count in handed_on.items())
