"""Which functions a module and its classes define that may build something: found once, until one of these changes."""

import operator
from collections.abc import Mapping, Sequence

from msgspec import Struct

from huldra.experiments.evaluate.mentions import BuildingNames
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    FunctionObject,
    IteratorObject,
    PropertyObject,
    Scope,
    next_birth,
)
from huldra.facts.expressions import Lambda
from huldra.facts.statements import FunctionDefinition

_DEFINITION = operator.attrgetter("definition")
_TOUCHED = operator.attrgetter("touched")


class Defined(Struct, frozen=True):
    """What a module and classes of it defined at the moment `since`, and what it was told from.

    `plain` and `methods` mention one of `names`, or are class methods, whose classes may lead to experiments; a method
    comes with its class.
    """

    since: int
    scopes: Sequence[Scope]
    classes: Sequence[ClassObject]
    names: frozenset[str]
    functions: Sequence[FunctionObject]
    definitions: Sequence[FunctionDefinition | Lambda]
    plain: Sequence[tuple[FunctionObject, ClassObject | None]]
    methods: Sequence[tuple[FunctionObject, ClassObject]]
    iterators: Sequence[IteratorObject]

    def is_so_still(self, scope: Scope, classes: Sequence[ClassObject], names: frozenset[str]) -> bool:
        """Whether nothing has been changed since, the bodies of functions included."""
        return (
            self.scopes[0] is scope
            and self.classes == classes
            and max(map(_TOUCHED, self.scopes)) < self.since
            and (names is self.names or names == self.names)
            and all(map(operator.is_, map(_DEFINITION, self.functions), self.definitions))
        )


class OwnMethod(Struct, frozen=True, eq=False):
    """What computes or loads the result of a class: its name there, what stands there, and the function behind that.

    `function` tells it from others: what stands there itself, or the method that a decorator has wrapped.
    `is_certain` is False where code from outside decides what stands there.
    """

    name: str
    member: AbstractValue
    function: FunctionObject
    is_certain: bool = True


class Methods(Struct, frozen=True):
    """The methods that were found of a class at the moment `since`, those that may build, and what tells that."""

    since: int
    order: Sequence[str]
    classes: Sequence[ClassObject | None]
    """Those along `order`; None for one from outside."""
    names: frozenset[str]
    found: Sequence[FunctionObject]
    definitions: Sequence[FunctionDefinition | Lambda]
    builders: Sequence[OwnMethod]

    def is_so_still(self, cls: ClassObject, classes: Mapping[str, ClassObject], names: frozenset[str]) -> bool:
        """Whether nothing has been changed since, the bodies of methods included."""
        return (
            cls.info.order == self.order
            and all(map(operator.is_, map(classes.get, self.order), self.classes))
            and all(made is None or made.members.touched < self.since for made in self.classes)
            and (names is self.names or names == self.names)
            and all(map(operator.is_, map(_DEFINITION, self.found), self.definitions))
        )


class DefinedIn:
    """What modules and classes define; of those that did not change it is known already."""

    def __init__(self) -> None:
        self._known: dict[str, Defined] = {}
        self._methods: dict[ClassObject, Methods] = {}
        self._used: dict[ClassObject, Methods] = {}

    def methods_of(
        self, cls: ClassObject, classes: Mapping[str, ClassObject], names: BuildingNames
    ) -> Sequence[OwnMethod] | None:
        """Return the methods of a class that may build something, if what was kept of it still holds."""
        known = self._methods.get(cls)
        if known is None or not known.is_so_still(cls, classes, names.at_last):
            return None
        self._used[cls] = known
        return known.builders

    def keep_methods(
        self,
        cls: ClassObject,
        classes: Mapping[str, ClassObject],
        names: BuildingNames,
        found: Sequence[FunctionObject],
        builders: Sequence[OwnMethod],
    ) -> None:
        """Effect: keep which methods were found of a class, and which of these may build something."""
        order = cls.info.order
        self._methods[cls] = self._used[cls] = Methods(
            next_birth(),
            order,
            tuple(map(classes.get, order)),
            names.at_last,
            found,
            tuple(function.definition for function in found),
            builders,
        )

    def forget_unused(self) -> None:
        """Effect: forget the classes that nobody has asked about since this was last called."""
        self._methods, self._used = self._used, {}

    def of(self, module: str, scope: Scope, classes: Sequence[ClassObject], names: BuildingNames) -> Defined:
        """Return what a module that has been run defines, with the classes that it has made so far."""
        known = self._known.get(module)
        if known is None or not known.is_so_still(scope, classes, names.at_last):
            known = self._known[module] = _defined(module, scope, classes, names)
        return known


def _defined(module: str, scope: Scope, classes: Sequence[ClassObject], names: BuildingNames) -> Defined:
    since = next_birth()
    own = _functions(scope, module)
    of_classes = [(function, cls) for cls in classes for function in _functions(cls.members, module)]
    functions = (*own, *(function for function, _ in of_classes))
    plain = [(function, None) for function in own]
    plain += [(f, None if f.kind == "static" else cls) for f, cls in of_classes if f.kind != "plain"]
    return Defined(
        since,
        (scope, *(cls.members for cls in classes)),
        classes,
        names.at_last,
        functions,
        tuple(function.definition for function in functions),
        tuple(pair for pair in plain if pair[1] is not None or names.may_build(pair[0].definition)),
        tuple(pair for pair in of_classes if pair[0].kind == "plain" and names.may_build(pair[0].definition)),
        tuple(value for value in scope.names.values() if isinstance(value, IteratorObject)),
    )


def _functions(scope: Scope, module: str) -> list[FunctionObject]:
    """Return the functions of a module that stand in a scope, by whatever name."""
    values = (v.function if isinstance(v, PropertyObject) else v for v in scope.names.values())
    return [value for value in values if isinstance(value, FunctionObject) and value.module == module]
