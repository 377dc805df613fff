"""The page of a problem code, as a type."""

from textwrap import dedent

from msgspec import Struct


class Rule(Struct, frozen=True):
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
