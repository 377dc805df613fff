"""The values of literals and f-strings."""

import ast
import warnings
from collections.abc import Sequence
from functools import lru_cache

from huldra.experiments.evaluate.conversion import NotConvertible, to_python
from huldra.experiments.evaluate.enum_texts import Text, enum_text
from huldra.experiments.evaluate.footprints import inside
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.operators import apply, holds_enum
from huldra.experiments.evaluate.signals import TooLarge
from huldra.experiments.evaluate.special_methods import NoMethod, call_special, text_of
from huldra.experiments.evaluate.unseen_calls import SHOWN, call_unseen
from huldra.experiments.numpy_numbers import NumpyNumber
from huldra.experiments.values import ELLIPSIS, AbstractValue, Concrete, ConfigObject, InstanceObject, Unknown
from huldra.facts.expressions import Concatenation, Constant, FormattedString, Interpolation, Literal
from huldra.formats.config_values import EnumValue, PathValue
from huldra.project.places import Place

_MAX_TEXT = 1_000_000
_WORDS: dict[str, AbstractValue] = {"None": None, "True": True, "False": False, "...": ELLIPSIS}


@lru_cache(maxsize=4096)
def literal_value(source: str) -> Concrete | None:
    """Return the value of a number, string or bytes token.

    Raises:
        ValueError: the token is not one that this Python can read, such as an integer past the digit limit.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape is the user's business, and Python's
            value: object = ast.literal_eval(source)
    except (SyntaxError, MemoryError) as error:
        raise ValueError(str(error)) from error
    return value if isinstance(value, Concrete) else None


def evaluate_constant(machine: Machine, node: Constant, frame: Frame) -> AbstractValue:  # noqa: ARG001
    """`None`, `True`, `False`, `...`."""
    return _WORDS[node.word]


def evaluate_literal(machine: Machine, node: Literal, frame: Frame) -> AbstractValue:  # noqa: ARG001
    """A number, string or bytes token."""
    try:
        return literal_value(node.source)
    except ValueError as error:
        return Unknown(f"a literal that cannot be read: {error}", frame.place(node.at))


def evaluate_concatenation(machine: Machine, node: Concatenation, frame: Frame) -> AbstractValue:
    """Strings that stand side by side."""
    parts = [machine.evaluate(part, frame) for part in node.parts]
    for part in parts:
        if isinstance(part, Unknown):
            return part
    if all(isinstance(part, str) for part in parts):
        return "".join(part for part in parts if isinstance(part, str))
    return b"".join(part for part in parts if isinstance(part, bytes))


def evaluate_formatted(machine: Machine, node: FormattedString, frame: Frame) -> AbstractValue:
    """An f-string; a t-string is an object that is not followed."""
    if node.is_template:
        return Unknown("a template string", frame.place(node.at))
    return _join(machine, node.parts, frame)


def _join(machine: Machine, parts: Sequence[Literal | Interpolation], frame: Frame) -> AbstractValue:
    texts: list[str] = []
    for part in parts:
        value = machine.evaluate(part, frame) if isinstance(part, Literal) else _interpolate(machine, part, frame)
        if isinstance(value, Unknown):
            return value
        texts.append(value if isinstance(value, str) else str(value))
    if sum(map(len, texts)) > _MAX_TEXT:
        raise TooLarge("a text that is too long to follow", frame.place(parts[0].at))
    return "".join(texts)


def _interpolate(machine: Machine, part: Interpolation, frame: Frame) -> AbstractValue:
    place = frame.place(part.at)
    value = machine.evaluate(part.value, frame)
    spec = "" if part.spec is None else _join(machine, part.spec, frame)
    if isinstance(value, Unknown):
        call_unseen(machine, [value], SHOWN, frame, place)
        return value
    if not isinstance(spec, str):
        return spec
    if _widest(spec) > 5:
        raise TooLarge("a format that is too wide to follow", place)
    conversion = part.conversion or ("r" if part.debug and not spec else "")
    if isinstance(value, EnumValue) and conversion != "a":
        how: Text = "__repr__" if conversion == "r" else "__str__" if conversion else "__format__"
        value = enum_text(machine, value, how, frame, place, spec)
        spec = spec if conversion else ""
        conversion = "s"
    if isinstance(value, Unknown):
        return value
    if holds_enum(value):
        return Unknown("the text of a container with an enum member", place)
    if isinstance(value, InstanceObject | ConfigObject):
        value = _text_of_own(machine, value, conversion, spec, frame, place)
        conversion, spec = "s", spec if conversion else ""
    if isinstance(value, NumpyNumber) and conversion in {"", "s"}:
        value = value.value  # these texts are those of Python's numbers
    try:
        plain = to_python(value)
    except NotConvertible as problem:
        call_unseen(machine, [value], SHOWN, frame, place)
        return Unknown(f"the text of {problem.reason}", place)
    if isinstance(value, PathValue) and conversion == "r":
        return Unknown("the repr of a path, which depends on the platform", place)
    try:
        shown = {"r": repr, "s": str, "a": ascii}[conversion](plain) if conversion else plain
    except NotConvertible as problem:
        return Unknown(problem.reason, place)
    result = apply(lambda: format(shown, spec), place)
    return f"{part.debug}{result}" if part.debug and isinstance(result, str) else result


def _text_of_own(
    machine: Machine, value: InstanceObject | ConfigObject, conversion: str, spec: str, frame: Frame, place: Place
) -> AbstractValue:
    """What an instance of a class of the project is formatted as: by `__format__` where it has one, else as a text."""
    if not conversion:
        formatted = call_special(machine, value, "__format__", [spec], frame, place)
        if not isinstance(formatted, NoMethod):
            return formatted
        if spec:
            return Unknown("a format of an instance of the project's", place)
    if conversion == "a":
        return Unknown("the ascii text of an instance of the project's", place)
    found = text_of(machine, value, "__repr__" if conversion == "r" else "__str__", frame, place)
    if found is None or isinstance(found, Unknown):
        call_unseen(machine, [*inside(value)], SHOWN, frame, place)
    return Unknown("the text of an instance", place) if found is None else found


def _widest(spec: str) -> int:
    return max((len(run) for run in "".join(c if c.isdigit() else " " for c in spec).split()), default=0)
