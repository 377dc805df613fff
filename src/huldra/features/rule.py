"""The page of a problem code, as a type."""

from dataclasses import dataclass
from textwrap import dedent


@dataclass(frozen=True, slots=True)
class Rule:
    """The page of a code; `example` is Python that has the problem."""

    code: str
    name: str
    what: str
    why: str
    example: str
    fix: str


def page(code: str, name: str, *, what: str, why: str, example: str, fix: str) -> Rule:
    """Return a rule whose example is written indented."""
    return Rule(code, name, what, why, dedent(example).strip("\n"), fix)
