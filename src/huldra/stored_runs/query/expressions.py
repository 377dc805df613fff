"""A query as a tree. Every part knows the characters it stands at; nothing here knows any run."""

from typing import Literal

from msgspec import Struct

from huldra.stored_runs.query.fields import FieldInfo

Operator = Literal["==", "!=", "<", "<=", ">", ">=", "~", "in", "has", "<:"]


class ConfigField(Struct, frozen=True):
    """A place in a run's config: names of fields and dict keys, and positions in lists."""

    steps: tuple[str | int, ...]

    @property
    def name(self) -> str:
        """How the place is written."""
        return "config" + "".join(f"[{step}]" if isinstance(step, int) else f".{_quoted(step)}" for step in self.steps)


QueryField = FieldInfo | ConfigField


class Operand(Struct, frozen=True):
    """A value as written, and all that it can stand for.

    `period` is a stretch of time from its first second up to, but without, its last; an age (`2d`) has no length.
    """

    text: str
    is_quoted: bool
    number: int | float | None = None
    boolean: bool | None = None
    is_null: bool = False
    period: tuple[float, float] | None = None


class Compare(Struct, frozen=True):
    """A field against one value; for `in` against several, of which one must be equal."""

    field: QueryField
    operator: Operator
    operands: tuple[Operand, ...]


class IsMissing(Struct, frozen=True):
    """The run has no such value."""

    field: QueryField


class Related(Struct, frozen=True):
    """The runs that a text names, with what they were made from and what was made from them.

    `upstream` and `downstream` are numbers of steps; None is as far as it goes.
    """

    run: str
    upstream: int | None
    downstream: int | None


class Not(Struct, frozen=True):
    """What the inner condition denies."""

    inner: "Condition"


class All(Struct, frozen=True):
    """Every one of the parts; without parts, every run."""

    parts: tuple["Condition", ...]


class AnyOf(Struct, frozen=True):
    """At least one of the parts."""

    parts: tuple["Condition", ...]


Condition = Compare | IsMissing | Related | Not | All | AnyOf


class QueryFault(Struct, frozen=True):
    """Why a text is no query: `start` and `end` are the characters at fault, counted from 0."""

    text: str
    start: int
    end: int
    message: str

    def drawing(self) -> str:
        """Return the text with a mark below the fault."""
        shown = "".join(character if character.isprintable() else " " for character in self.text)
        return f"{shown}\n{' ' * self.start}{'^' * max(1, self.end - self.start)}"


def conditions(query: Condition) -> tuple[Condition, ...]:
    """Return a condition and everything in it."""
    match query:
        case Not(inner):
            return (query, *conditions(inner))
        case All(parts) | AnyOf(parts):
            return (query, *(found for part in parts for found in conditions(part)))
        case _:
            return (query,)


def fields_of(query: Condition) -> tuple[QueryField, ...]:
    """Return the fields that a query asks for, each once, in order."""
    found = (part.field for part in conditions(query) if isinstance(part, Compare | IsMissing))
    return tuple(dict.fromkeys(found))


def _quoted(step: str) -> str:
    return step if step.isidentifier() else '"' + step.replace("\\", "\\\\").replace('"', '\\"') + '"'
