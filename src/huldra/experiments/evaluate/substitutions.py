"""`re.sub` with a function of the project, which is asked for each match what stands in its place."""

import re

from huldra.experiments.evaluate.library import is_quick
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.library_objects import LibraryObject
from huldra.experiments.values import AbstractValue, BoundMethod, FunctionObject, Partial, Unknown


def substitute(machine: Machine, name: str, call: CallArguments, frame: Frame) -> AbstractValue | None:
    """Return what `re.sub(pattern, function, text)` gives; None for any other call."""
    if name != "re.sub" or len(call.positional) != 3 or call.keywords:
        return None
    pattern, function, text = call.positional
    if not isinstance(function, FunctionObject | BoundMethod | Partial) or not isinstance(text, str):
        return None
    if not isinstance(pattern, str) or not is_quick(pattern, [text]):
        return None
    try:
        matches = list(re.finditer(pattern, text))
    except re.error:
        return None
    parts: list[str] = []
    end = 0
    for match in matches:
        given = machine.call_with(function, [LibraryObject(match)], frame, call.place)
        if not isinstance(given, str):
            return given if isinstance(given, Unknown) else Unknown("a replacement that is no text", call.place)
        parts += (text[end : match.start()], given)
        end = match.end()
    return "".join((*parts, text[end:]))
