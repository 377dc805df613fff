"""What finding and judging experiments looked at in a state of the code, and which edits it did not look at.

Plain data that can be kept. Knows texts and facts, no values, no verdicts, no disk.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from huldra.analysis.unreached import Lines, is_file_unreached
from huldra.experiments.trace import Trace
from huldra.experiments.unaffected import is_unaffected
from huldra.facts.statements import ClassDefinition, FileFacts, FunctionDefinition

if TYPE_CHECKING:
    from huldra.analysis.lined_up import LinedUp


class LookedAt(msgspec.Struct, frozen=True, array_like=True):
    """What was looked at.

    Attributes:
        trace: What the evaluation looked at.
        reached: The first and last lines (from 1) of what the code of all runs reaches, by file.
    """

    trace: Trace
    reached: Mapping[str, frozenset[tuple[int, int]]]


_decoder = msgspec.msgpack.Decoder(LookedAt)


def encode_looked_at(trace: Trace, reached: Lines) -> bytes:
    """Return what was looked at as bytes."""
    return msgspec.msgpack.encode(LookedAt(trace, reached))


def decode_looked_at(data: bytes) -> LookedAt | None:
    """Return what `encode_looked_at` wrote; None of anything else."""
    with suppress(msgspec.DecodeError):
        return _decoder.decode(data)
    return None


def stands_after(looked_at: LookedAt, file: str, before: str, after: str, facts: Callable[[str], FileFacts]) -> bool:
    """Return whether an edit of a file leaves all that was found as it is, but for the lines that it moves.

    Args:
        looked_at: What was looked at in the state before.
        file: The file.
        before: Its text in the state before, its line ends newlines.
        after: Its text now.
        facts: Gives the facts of a text.
    """
    from huldra.analysis.lined_up import line_up  # noqa: PLC0415  # what compares lines takes long to import

    lined_up = line_up(before, after)
    if lined_up is None:
        return False
    old, new = facts(lined_up.before), facts(lined_up.after)
    trace, reached = _moved(looked_at, file, lined_up)
    return is_unaffected(trace, file, old, new) and is_file_unreached(reached, old, new)


def stands_unmoved(looked_at: LookedAt, file: str, before: FileFacts, after: FileFacts) -> bool:
    """Return whether an edit of a file leaves all that was found as it is, and where it is.

    Args:
        looked_at: What was looked at in the state before.
        file: The file.
        before: What it said in the state before.
        after: What it says now.
    """
    reached = looked_at.reached.get(file, frozenset())
    return (
        is_unaffected(looked_at.trace, file, before, after)
        and is_file_unreached(reached, before, after)
        and _definition_places(before) == _definition_places(after)
    )


def _definition_places(facts: FileFacts) -> list[tuple[int, int, int, int]]:
    """Return where classes, functions and methods begin and end, in their pieces."""
    found: list[tuple[int, int, int, int]] = []
    waiting = [statement for piece in facts.pieces for statement in piece.facts.statements]
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, FunctionDefinition | ClassDefinition):
            found.append(statement.at)
        if isinstance(statement, ClassDefinition):
            waiting += statement.body
    return found


def _moved(looked_at: LookedAt, file: str, lined_up: "LinedUp") -> tuple[Trace, frozenset[tuple[int, int]]]:
    """Return what was looked at in a file by the lines that it has with blank ones in it."""
    line = lined_up.line
    ran = frozenset((file, line(begin), column) for name, begin, column in looked_at.trace.ran if name == file)
    reached = looked_at.reached.get(file, frozenset())
    lines = frozenset((line(first - 1) + 1, line(last - 1) + 1) for first, last in reached)
    return replace(looked_at.trace, ran=ran), lines
