"""What else a name may be, where a condition or a failing import decides which of several it is bound to."""

from collections.abc import Iterator

from msgspec import Struct

from huldra.facts.expressions import Name
from huldra.project.bindings import Binding, ImportedFrom
from huldra.project.modules import absolute_module
from huldra.project.symbols import ExternalSymbol, Symbol, SymbolTable, UnresolvedSymbol

_FURTHEST = 50
"""Through more names than so many nobody hands anything on."""


class Alternatives(Struct, frozen=True):
    """All of the project that a name may be, and the modules and names at which that is decided, nearest first."""

    symbols: tuple[Symbol, ...] = ()
    places: tuple[tuple[str, str], ...] = ()


NONE = Alternatives()


def alternatives(symbols: SymbolTable, module: str, name: str) -> Alternatives:
    """Return what a name of a module may be; nothing where only one thing binds it, here and wherever it is from."""
    found: dict[Symbol, None] = {}
    places: dict[tuple[str, str], None] = {}
    waiting = [(module, name)]
    seen: set[tuple[str, str]] = set()
    while waiting and len(seen) < _FURTHEST:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        bound = _last_bound(symbols, *place)
        further = tuple(_further(symbols, *place, [binding for _, binding in bound]))
        chosen = [symbol for symbol, _ in bound] or [symbols.resolve(*other) for other in further]
        if len(chosen) > 1:
            places[place] = None
            found.update(dict.fromkeys(chosen))
        waiting += further
    if not places:
        return NONE
    own = (symbol for symbol in found if not isinstance(symbol, ExternalSymbol | UnresolvedSymbol))
    return Alternatives(tuple(own), tuple(places))


def _last_bound(symbols: SymbolTable, module: str, name: str) -> list[tuple[Symbol, Binding]]:
    """Return what a name is bound to in any case last, with all that may bind it after that."""
    bound = symbols.bindings_of(module, name)
    always = [index for index, (_, binding) in enumerate(bound) if binding.when == "always"]
    return bound[always[-1] :] if always else bound


def _further(symbols: SymbolTable, module: str, name: str, bindings: list[Binding]) -> Iterator[tuple[str, str]]:
    """Yield the names of modules that bindings lead to next; through a star import where there are none."""
    is_package = symbols.modules.is_package(module)
    namespace = None if bindings else symbols.namespace(module)
    for level, target in () if namespace is None else reversed(namespace.star_imports):
        source = absolute_module(module, level, target, is_package=is_package) or ""
        is_own = source in symbols.modules.file_of
        if is_own and namespace is not None and not isinstance(symbols.resolve(source, name), UnresolvedSymbol):
            yield source, name
            if (level, target) not in namespace.tried:
                return
    for binding in bindings:
        match binding.target:
            case ImportedFrom(level=level, module=target, name=imported):
                source = absolute_module(module, level, target, is_package=is_package)
                if source is not None and source in symbols.modules.file_of:
                    yield source, imported
            case Name(id=other):
                yield module, other
            case _:
                pass
