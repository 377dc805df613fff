"""What makes a config class raise when it is defined, by the rules of chz 0.4 and of the library's base class.

Only what declarations show; defaults that must be evaluated first are a later stage's business.
"""

import abc
from collections.abc import Iterator
from typing import Literal as OneOf

from msgspec import Struct

from huldra.facts.expressions import (
    Call,
    Comprehension,
    Constant,
    DictDisplay,
    Expression,
    FormattedString,
    ListDisplay,
    Literal,
    Name,
    SetDisplay,
    TupleDisplay,
)
from huldra.formats.dialect import CONFIG_DECORATORS
from huldra.project.class_body import call_arguments
from huldra.project.class_versions import class_version
from huldra.project.classes import ClassInfo
from huldra.project.fields import RAW_PREFIX, FieldTables
from huldra.project.places import Place
from huldra.project.symbols import ExternalSymbol, SymbolTable

ErrorType = OneOf["TypeError", "ValueError"]
_FORBIDDEN = ("__init__", "__post_init__", "__setattr__", "__delattr__")
_CLASS_KEYWORDS = frozenset({"version_controlled", "version", "typecheck", "metaclass"})
_FIELD_KEYWORDS = frozenset(
    {
        *("default", "default_factory", "munger", "x_type", "converter", "meta_factory", "blueprint_unspecified"),
        *("blueprint_cast", "validator", "repr", "doc", "metadata"),
    }
)
_OBJECT_MEMBERS = frozenset(dir(abc.ABC))
_UNHASHABLE_CALLS = frozenset({"list", "dict", "set", "bytearray"})


class DefinitionError(Struct, frozen=True):
    """The exception that defining a class raises, and the code of the problem that it is."""

    error_type: ErrorType
    message: str
    place: Place
    code: str = "HUL109"


MUTABLE_DEFAULT = "HUL405"


def definition_error(name: str, tables: FieldTables, symbols: SymbolTable) -> DefinitionError | None:
    """Return the first error that defining a config class raises, None when none is seen."""
    return next(_Rules(tables.classes[name], tables, symbols).errors(), None)


def mutable_default_error(name: str, place: Place) -> DefinitionError:
    """Return the error of a field whose default is a list, a dict or the like, the place of that given."""
    message = f"mutable default for field {name!r}: use chz.field(default_factory=…)"
    return DefinitionError("ValueError", message, place, MUTABLE_DEFAULT)


class _Rules:
    """The rules, over one class."""

    def __init__(self, info: ClassInfo, tables: FieldTables, symbols: SymbolTable) -> None:
        self.info = info
        self.tables = tables
        self.symbols = symbols
        self.body = tables.body(info.name)
        self.inherited = tables.inherited(info.name)

    def errors(self) -> Iterator[DefinitionError]:
        """Yield errors in the order in which Python, the library and chz would raise them."""
        yield from self._header()
        yield from self._field_calls()
        yield from self._overrides()
        yield from self._annotated()
        yield from self._forbidden()
        yield from self._typecheck()
        yield from self._version()

    def _error(self, error_type: ErrorType, message: str, place: Place | None = None) -> DefinitionError:
        return DefinitionError(error_type, message, place or self.info.name_place)

    def _mutable(self, name: str, default: Expression) -> DefinitionError:
        return mutable_default_error(name, self.info.origin.place(default.at))

    def _header(self) -> Iterator[DefinitionError]:
        if self.info.order_error is not None:
            yield self._error("TypeError", self.info.order_error)
        for ancestor in self.info.order[1:]:
            if ancestor in self.tables.classes and self._dataclass_decorator(ancestor) is not None:
                yield self._error("ValueError", f"cannot mix a config class with the dataclass {ancestor}")
        yield from self._decorators()
        if any(a in self.tables.classes and self._defines(a, "__init_subclass__") for a in self.info.order[1:]):
            return
        for argument in self.info.keywords if self.info.dialect is not None else ():
            if argument.name not in _CLASS_KEYWORDS:
                place = self.info.origin.place(argument.at)
                yield self._error("TypeError", f"unknown class keyword {argument.name!r}", place)

    def _field_calls(self) -> Iterator[DefinitionError]:
        for name, member in self.body.members.items():
            if member.kind != "field_call" or not isinstance(member.value, Call):
                continue
            arguments = call_arguments(member.value)
            for argument in member.value.arguments:
                if argument.name is None and not argument.star:
                    yield self._error("TypeError", "chz.field takes keyword arguments only", member.at)
                elif argument.name is not None and argument.name not in _FIELD_KEYWORDS:
                    yield self._error("TypeError", f"chz.field has no argument {argument.name!r}", member.at)
            if "default" in arguments and is_unhashable_display(arguments["default"].value):
                yield self._mutable(name, arguments["default"].value)
            given = {key for key in ("munger", "converter", "default_factory") if key in arguments}
            if {"munger", "converter"} <= given:
                yield self._error("ValueError", f"field {name!r} has both a converter and a munger", member.at)
            for key in sorted(given):
                value = arguments[key].value
                is_none = isinstance(value, Constant) and value.word == "None" and key != "default_factory"
                if is_never_callable(value) and not is_none:
                    yield self._error("TypeError", f"{key} of field {name!r} is not callable", member.at)
            is_annotated = name in self.body.annotated or name in self.body.class_variables
            if self.info.dialect is None and not is_annotated:
                yield self._error("TypeError", f"{name!r} has no type annotation", member.at)

    def _overrides(self) -> Iterator[DefinitionError]:
        """A member over an inherited field must be a field or property-like."""
        for name, member in self.body.members.items():
            if (
                name in self.inherited
                and name not in self.body.annotated
                and name not in self.body.class_variables
                and member.kind in {"method", "class", "value"}
                and member.when == "always"
            ):
                message = f"cannot override field {name!r} with a non-field member; is a type annotation missing?"
                yield self._error("ValueError", message, member.at)

    def _annotated(self) -> Iterator[DefinitionError]:
        for name, field in self.body.annotated.items():
            member = self.body.members.get(name)
            if member is not None and member.kind in {"method", "property", "init_property"}:
                yield self._error("ValueError", f"field {name!r} is clobbered by a {member.kind}", member.at)
            plain = member.value if member is not None and member.kind == "value" else None
            if member is not None and isinstance(plain, Expression) and is_unhashable_display(plain):
                yield self._mutable(name, plain)
            logical = name.removeprefix(RAW_PREFIX)
            if logical == "self" or logical.startswith("__chz"):
                yield self._error("ValueError", f"the field name {logical!r} is reserved", field.at)
            yield from self._conflicts(name, logical, field.at)
            if name == logical and self._is_raw_field(name):
                yield self._error("ValueError", f"field {name!r} is there as {RAW_PREFIX}{name} already", field.at)
        for field in self.tables.declared(self.info.name) if self.info.dialect is not None else ():
            if field.annotation is None:
                yield from self._conflicts(field.raw_name, field.name, field.place)

    def _is_raw_field(self, name: str) -> bool:
        """Whether a field is declared as `X_name`, in the class before this one or by what it inherits from."""
        before = list(self.body.annotated)[: list(self.body.annotated).index(name)]
        known = self.inherited.get(name)
        return f"{RAW_PREFIX}{name}" in before or (known is not None and known.raw_name != known.name)

    def _conflicts(self, name: str, logical: str, at: Place) -> Iterator[DefinitionError]:
        other = logical if name != logical else f"{RAW_PREFIX}{name}"
        for candidate in (name, other):
            if candidate == other and candidate in self.body.members:
                continue
            kind = self._inherited_member(candidate)
            if kind is None or (kind == "init_property" and logical in self.inherited):
                continue
            yield self._error("ValueError", f"field {name!r} conflicts with something that a base class defines", at)
        member = self.body.members.get(name)
        has_munger = member is not None and isinstance(member.value, Call) and "munger" in call_arguments(member.value)
        if has_munger and name != logical and logical in self.body.members:
            yield self._error("ValueError", f"{logical!r} is defined although its field has a munger", at)

    def _inherited_member(self, name: str) -> str | None:
        """Return the kind of class attribute that the bases have under a name; a field is an init_property."""
        for ancestor in self.info.order[1:]:
            if ancestor not in self.tables.classes:
                continue
            body = self.tables.body(ancestor)
            is_config = self.tables.is_config_class(ancestor)
            member = body.members.get(name)
            takes_value_away = is_config and (name in body.annotated or (member and member.kind == "field_call"))
            if member is not None and not takes_value_away:
                return member.kind
            if is_config and any(field.name == name for field in self.tables.own(ancestor)):
                return "init_property"
        if self.info.dialect is not None and name in self.info.dialect.reserved_names:
            return "reserved"
        return "object" if name in _OBJECT_MEMBERS else None

    def _forbidden(self) -> Iterator[DefinitionError]:
        for name in _FORBIDDEN:
            if name in self.body.members:
                yield self._error("ValueError", f"a config class cannot define {name}", self.body.members[name].at)

    def _typecheck(self) -> Iterator[DefinitionError]:
        if self._keyword(self.info, "typecheck") != "False":
            return
        ancestors = (self.tables.classes[a] for a in self.info.order[1:] if a in self.tables.classes)
        if any(self._keyword(ancestor, "typecheck") == "True" for ancestor in ancestors):
            yield self._error("ValueError", "typecheck cannot be turned off below a class that has it")

    def _version(self) -> Iterator[DefinitionError]:
        """A stated version must be that of the fields; parts after a dash are a comment."""
        for argument in self.info.keywords:
            if argument.name != "version" or not isinstance(argument.value, Literal):
                continue
            stated = argument.value.source.strip("'\"").partition("-")[0]
            actual = class_version(self.tables.table(self.info.name).values())
            if actual is not None and stated != actual:
                message = f"the version {stated!r} is not that of the fields, {actual!r}"
                yield self._error("ValueError", message, self.info.origin.place(argument.at))

    @staticmethod
    def _keyword(info: ClassInfo, name: str) -> str | None:
        values = (argument.value for argument in info.keywords if argument.name == name)
        return next((value.word for value in values if isinstance(value, Constant)), None)

    def _defines(self, name: str, member: str) -> bool:
        return member in self.tables.body(name).members

    def _decorators(self) -> Iterator[DefinitionError]:
        """What decorates a class is applied to what its bases have made of it: by then it is a config class."""
        if self.info.dialect is not None and self.info.is_config:
            yield self._error("ValueError", "a subclass of an experiment class is a config class without chz.chz, too")
        decorator = self._dataclass_decorator(self.info.name)
        if decorator is None:
            return
        options = call_arguments(decorator).items() if isinstance(decorator, Call) else ()
        asked = {name for name, given in options if isinstance(given.value, Constant) and given.value.word == "True"}
        if "slots" in asked or (self.info.dialect is None and not self._is_made_before(decorator)):
            yield self._error("ValueError", f"cannot mix a config class with the dataclass {self.info.name}")
        for option, attribute in (("frozen", "__setattr__"), ("unsafe_hash", "__hash__")):
            if option in asked:
                yield self._error("TypeError", f"dataclass({option}=True) cannot overwrite {attribute}")

    def _is_made_before(self, dataclass: Expression) -> bool:
        """Whether a class without a library's base is a config class by the time that it is made a dataclass."""
        decorators = self.info.definition.decorators
        resolve = self.symbols.resolve_expression
        targets = [d.function if isinstance(d, Call) else d for d in decorators[decorators.index(dataclass) + 1 :]]
        found = [resolve(self.info.module, target) for target in targets]
        return any(isinstance(symbol, ExternalSymbol) and symbol.name in CONFIG_DECORATORS for symbol in found)

    def _dataclass_decorator(self, name: str) -> Expression | None:
        info = self.tables.classes[name]
        for decorator in info.definition.decorators:
            target = decorator.function if isinstance(decorator, Call) else decorator
            symbol = self.symbols.resolve_expression(info.module, target)
            if isinstance(symbol, ExternalSymbol) and symbol.name == "dataclasses.dataclass":
                return decorator
        return None


def is_unhashable_display(value: Expression) -> bool:
    """Whether an expression is plainly a list, dict, set or bytearray."""
    match value:
        case ListDisplay() | DictDisplay() | SetDisplay():
            return True
        case Comprehension(kind=kind):
            return kind != "generator"
        case Call(function=Name(id=name)):
            return name in _UNHASHABLE_CALLS
        case _:
            return False


def is_never_callable(value: Expression) -> bool:
    """Whether an expression is plainly a value that cannot be called."""
    literal = isinstance(value, Literal | Constant | FormattedString | TupleDisplay)
    return literal or is_unhashable_display(value)
