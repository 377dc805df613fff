"""What a writer knows at a point of the program: the names, functions and classes that it may use there."""

from dataclasses import dataclass, field

from tests.agreement.choices import Choices

SCALARS = ("int", "str", "float", "bool")
CONTAINERS = ("ints", "strs", "table", "tuple", "pairs")
CHANGING = ("iter", "counter", "groups", "deque")
"""Kinds whose values change, or may be read once only: they are no values of fields."""
PLAIN = (*SCALARS, *CONTAINERS)


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """A field of a class: its public name, the kind of its values, and whether it must be given."""

    name: str
    kind: str
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class ClassInfo:
    """A class that can be built; `kind` of its instances is `x:Name` (experiment), `c:Name` (chz) or `h:Name`."""

    name: str
    prefix: str
    fields: tuple[FieldInfo, ...]
    methods: tuple["FunctionInfo", ...] = ()
    makers: tuple[str, ...] = ()
    positional: bool = False
    uses: tuple[tuple[str, str], ...] = ()
    """Ways to use an instance `{o}`, each with the kind of what that gives."""
    changes: tuple[str, ...] = ()
    """Statements that change an instance `{o}`; other slots are kinds."""

    @property
    def kind(self) -> str:
        """The kind of its instances."""
        return f"{self.prefix}:{self.name}"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: how it may be given is said by `style`.

    A style is positional, only (positional-only), keyword, args or kwargs.
    """

    name: str
    kind: str
    style: str = "positional"
    has_default: bool = False


@dataclass(frozen=True, slots=True)
class FunctionInfo:
    """Something that can be called, and the kind of what it returns."""

    name: str
    parameters: tuple[Parameter, ...]
    returns: str
    is_generator: bool = False


@dataclass(slots=True)
class Scope:
    """The names at a point, by kind; children see their parents' names."""

    names: dict[str, str] = field(default_factory=dict)
    functions: list[FunctionInfo] = field(default_factory=list)
    classes: dict[str, ClassInfo] = field(default_factory=dict)
    enums: list[str] = field(default_factory=list)
    own: set[str] = field(default_factory=set)
    may_build: bool = True
    may_doubt: bool = True

    def child(self, /, **names: str) -> "Scope":
        """Return a scope that sees this one's names and more."""
        return Scope(
            {**self.names, **names},
            list(self.functions),
            dict(self.classes),
            list(self.enums),
            {*self.own, *names},
            self.may_build,
            self.may_doubt,
        )

    def define(self, /, **names: str) -> None:
        """Add names that the code at hand binds itself, and so may bind again."""
        self.names.update(names)
        self.own.update(names)

    def inside_function(self, /, **parameters: str) -> "Scope":
        """Return the scope of a function's body, which cannot bind the names around it."""
        inner = self.child()
        inner.own = set()
        inner.define(**parameters)
        return inner

    def of_kind(self, kind: str) -> list[str]:
        """Return the names of a kind."""
        return [name for name, have in self.names.items() if have == kind]

    def experiments(self) -> list[ClassInfo]:
        """Return the experiment classes."""
        return [cls for cls in self.classes.values() if cls.prefix == "x"]


@dataclass(slots=True)
class Pen:
    """Decisions and fresh names for one program, and the unknown conditions that it has used."""

    choices: Choices
    with_unknowns: bool
    numbers: dict[str, int] = field(default_factory=dict)
    used_bits: list[int] = field(default_factory=list)
    has_unknown_values: bool = False

    def fresh(self, stem: str) -> str:
        """Return a name that the program has not used."""
        self.numbers[stem] = self.numbers.get(stem, 0) + 1
        return f"{stem}{self.numbers[stem]}"
