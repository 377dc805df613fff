"""Which instances code hands to what it calls: a library may call any of their methods. Resolves no name."""

from collections.abc import Iterable, Iterator, Mapping

from huldra.facts.expressions import (
    Call,
    DictDisplay,
    Expression,
    ListDisplay,
    Name,
    Node,
    SetDisplay,
    TupleDisplay,
    dotted_name,
)
from huldra.facts.statements import Assign, Import, ImportFrom
from huldra.facts.walk import child_nodes, walk
from huldra.fingerprints.mentions import Mention
from huldra.fingerprints.scopes import Imported
from huldra.project.bindings import ImportedFrom, ImportedModule, bound_names

_DISPLAYS = ListDisplay | TupleDisplay | SetDisplay | DictDisplay


def handed(parts: Iterable[Node | None]) -> tuple[tuple[Mention, Mention], ...]:
    """Return pairs of what is called, or whose method is, and of what the call is given, or an instance of, as a class.

    An instance is made in the call itself (`fit(Model())`, `Trainer(callbacks=[Hooks()])`), or has a name in the same
    definition (`model = Model(); fit(model)`). A class is what has the name of one (`tune(Model)`).
    """
    calls: list[Call] = []
    made: dict[str, str] = {}
    imports: dict[str, Imported] = {}
    for node in (inner for part in parts if part is not None for inner in walk(part)):
        match node:
            case Call():
                calls.append(node)
            case Assign(targets=(Name(id=name),), value=Call(function=function)):
                made[name] = dotted_name(function) or ""
            case Import() | ImportFrom():
                imports.update((n, t) for n, t in bound_names(node) if isinstance(t, ImportedModule | ImportedFrom))
            case _:
                pass
    found: dict[tuple[str, str], tuple[Mention, Mention]] = {}
    for call in calls:
        called = _through(dotted_name(call.function) or "", made)
        for given in _made_in(call, made) if called else ():
            pair = _mention(called, call, imports), _mention(given, call, imports)
            found.setdefault((called, given), pair)
    return tuple(found.values())


def _through(name: str, made: Mapping[str, str]) -> str:
    """`trainer.fit` is a method of what `trainer` was made by."""
    return made.get(name.partition(".")[0]) or name


def _made_in(call: Call, made: Mapping[str, str]) -> Iterator[str]:
    waiting: list[Node] = [argument.value for argument in call.arguments]
    while waiting:
        match waiting.pop():
            case Call(function=function):
                if name := dotted_name(function):
                    yield name
            case Name(id=name) if made.get(name, name[:1].isupper()):
                yield made.get(name, name)
            case display if isinstance(display, _DISPLAYS):
                waiting += child_nodes(display)
            case _:
                pass


def _mention(name: str, call: Expression, imports: Mapping[str, Imported]) -> Mention:
    path = tuple(name.split("."))
    imported = imports.get(path[0])
    return Mention("name" if imported is None else "import", path, "value", call.at, imported)
