"""Classes that say themselves what is an instance of them, so that a look at ancestors does not tell it.

By `__instancecheck__` of a metaclass, by `__subclasshook__`, or as a protocol that is looked for at run time
(PEP 544), of which everything is an instance that has its members.
"""

from collections.abc import Iterator

from huldra.facts.bound_by import bound_by
from huldra.facts.expressions import Attribute, Call, Name, dotted_name
from huldra.facts.statements import AnnotatedAssign, Assign, ClassDefinition, FunctionDefinition
from huldra.fingerprints.code import Code
from huldra.project.classes import ClassInfo
from huldra.project.symbols import ClassSymbol

_CHECKS = frozenset({"__instancecheck__", "__subclasscheck__"})
_HOOK = "__subclasshook__"
_NO_MEMBERS = frozenset(
    {
        "__init__",
        "__new__",
        "__slots__",
        "__doc__",
        "__module__",
        "__annotations__",
        "__match_args__",
        "__class_getitem__",
    }
)
"""What a protocol may have in its body and yet asks of nothing."""
_CHECKABLE = "runtime_checkable"


def is_tested_by_code(code: Code, class_name: str) -> bool:
    """Whether code of the project runs where something is asked whether it is an instance of a class."""
    infos = tuple(_ancestry(code, class_name))
    return any(_HOOK in _methods(info.definition) for info in infos) or any(
        not _CHECKS.isdisjoint(_methods(meta.definition)) for info in infos for meta in _metaclasses(code, info)
    )


def members_tested(code: Code, class_name: str) -> frozenset[str]:
    """Return the members by which something is an instance of a protocol; none of any other class."""
    infos = tuple(_ancestry(code, class_name))
    decorators = infos[0].definition.decorators if infos else ()
    if not any((dotted_name(each) or "").rpartition(".")[2] == _CHECKABLE for each in decorators):
        return frozenset()
    return frozenset(name for info in infos for name in _declared(info.definition))


def _ancestry(code: Code, class_name: str) -> Iterator[ClassInfo]:
    own = code.class_info(class_name)
    for name in () if own is None else own.order:
        info = code.class_info(name)
        if info is not None:
            yield info


def _metaclasses(code: Code, info: ClassInfo) -> Iterator[ClassInfo]:
    for keyword in info.keywords:
        value = keyword.value.function if isinstance(keyword.value, Call) else keyword.value
        if keyword.name == "metaclass" and isinstance(value, Name | Attribute):
            symbol = code.symbols.resolve_expression(info.module, value, info.enclosing)
            yield from _ancestry(code, symbol.name) if isinstance(symbol, ClassSymbol) else ()


def _methods(definition: ClassDefinition) -> frozenset[str]:
    return frozenset(item.name for item in definition.body if isinstance(item, FunctionDefinition))


def _declared(definition: ClassDefinition) -> Iterator[str]:
    for item in definition.body:
        if isinstance(item, FunctionDefinition | AnnotatedAssign | Assign):
            yield from (name for name in bound_by(item) if name not in _NO_MEMBERS)
