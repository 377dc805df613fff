"""What is known of the world outside the project: constants, and pure functions of the standard library.

A function that is not listed is not called: its result is unknown, and so is whatever it could have changed.
"""

import builtins
import datetime
import decimal
import fractions
import json
import math
import operator
import re
import string
import textwrap
import uuid
from collections.abc import Callable, Mapping, Sequence

from huldra.experiments.evaluate.arrays import of_number
from huldra.experiments.evaluate.conversion import NotConvertible, from_python, to_python
from huldra.experiments.evaluate.machine import CallArguments
from huldra.experiments.evaluate.moments import parse_moment
from huldra.experiments.evaluate.operators import apply, holds_enum
from huldra.experiments.evaluate.pure_names import OTHER_PURE, other_pure
from huldra.experiments.evaluate.signals import Raised, TooLarge
from huldra.experiments.numpy_numbers import NumpyNumber
from huldra.experiments.values import (
    ELLIPSIS,
    NOT_IMPLEMENTED,
    AbstractValue,
    Concrete,
    DictObject,
    External,
    ListObject,
    Sentinel,
    SetObject,
    Unknown,
    type_name,
)
from huldra.formats.config_values import PathValue
from huldra.formats.dialect import DIALECTS, public_name
from huldra.project.places import Place

Pure = Callable[..., object]

_CONSTANTS: Mapping[str, AbstractValue] = {
    **{f"uuid.NAMESPACE_{kind}": getattr(uuid, f"NAMESPACE_{kind}") for kind in ("DNS", "URL", "OID", "X500")},
    "math.pi": math.pi,
    "math.e": math.e,
    "math.tau": math.tau,
    "math.inf": math.inf,
    "math.nan": math.nan,
    "numpy.pi": math.pi,
    "numpy.e": math.e,
    "numpy.inf": math.inf,
    "numpy.nan": math.nan,
    "numpy.newaxis": None,
    "datetime.timezone.utc": datetime.UTC,
    "datetime.UTC": datetime.UTC,
    "builtins.Ellipsis": ELLIPSIS,
    "builtins.NotImplemented": NOT_IMPLEMENTED,
    "builtins.__debug__": True,
    "sys.version_info.major": 3,
    **{f"string.{name}": getattr(string, name) for name in ("ascii_letters", "ascii_lowercase", "ascii_uppercase")},
    **{f"string.{name}": getattr(string, name) for name in ("digits", "hexdigits", "octdigits", "punctuation")},
    **{name: Sentinel("MISSING", "MISSING") for dialect in DIALECTS for name in dialect.missing_sentinels},
}


def _pure() -> Mapping[str, Pure]:
    """The functions that are called as they are; fetched by name, since their signatures fit no one type."""
    names: dict[object, str] = {
        math: "ceil floor sqrt exp log log2 log10 log1p expm1 pow sin cos tan asin acos atan atan2 degrees radians "
        "hypot fabs fmod gcd lcm isclose isfinite isinf isnan prod comb perm factorial trunc "
        "copysign fsum isqrt dist cbrt ldexp frexp modf",
        operator: "index",
    }
    table: dict[str, Pure] = {}
    for module, listed in names.items():
        module_name: str = getattr(module, "__name__", "")
        for name in listed.split():
            if hasattr(module, name):
                table[f"{module_name.lstrip('_')}.{name}"] = getattr(module, name)
    table |= {
        "builtins.abs": abs,
        "builtins.ascii": ascii,
        "builtins.bin": bin,
        "builtins.chr": chr,
        "builtins.complex": complex,
        "builtins.divmod": divmod,
        "builtins.float": float,
        "builtins.format": format,
        "builtins.hex": hex,
        "builtins.int": int,
        "builtins.oct": oct,
        "builtins.ord": ord,
        "builtins.pow": pow,
        "builtins.range": range,
        "builtins.repr": repr,
        "builtins.round": round,
        "builtins.slice": slice,
        "builtins.str": str,
        "builtins.bytes": bytes,
        "builtins.sum": sum,
        "builtins.int.from_bytes": int.from_bytes,
        "builtins.float.fromhex": float.fromhex,
        "builtins.bytes.fromhex": bytes.fromhex,
    }
    return table


def _pure_of_modules() -> Mapping[str, Pure]:
    """Those of other modules of the standard library."""
    return {
        "datetime.date": datetime.date,
        "datetime.date.fromisoformat": datetime.date.fromisoformat,
        "datetime.datetime": datetime.datetime,
        "datetime.datetime.fromisoformat": datetime.datetime.fromisoformat,
        "datetime.datetime.strptime": parse_moment,
        "datetime.datetime.combine": datetime.datetime.combine,
        "datetime.date.fromordinal": datetime.date.fromordinal,
        "datetime.time": datetime.time,
        "datetime.timedelta": datetime.timedelta,
        "datetime.timezone": datetime.timezone,
        "decimal.Decimal": decimal.Decimal,
        "fractions.Fraction": fractions.Fraction,
        "uuid.UUID": uuid.UUID,
        "json.dumps": json.dumps,
        "json.loads": json.loads,
        "re.escape": re.escape,
        "re.compile": re.compile,
        "re.findall": re.findall,
        "re.finditer": re.finditer,
        "re.fullmatch": re.fullmatch,
        "re.match": re.match,
        "re.search": re.search,
        "re.split": re.split,
        "re.sub": re.sub,
        "string.Template": string.Template,
        "string.capwords": string.capwords,
        "builtins.str.maketrans": str.maketrans,
        "textwrap.dedent": textwrap.dedent,
        "textwrap.indent": textwrap.indent,
    }


_OF_NUMBERS = frozenset({"builtins.divmod", "builtins.abs"})
_NO_NUMBERS = (ListObject, DictObject, SetObject, tuple)
"""What certainly has no part in arithmetic with numbers, whatever it holds."""
_PURE: Mapping[str, Pure] = {**_pure(), **_pure_of_modules()}
_SIZED = frozenset({"math.factorial", "math.comb", "math.perm", "builtins.bytes", "builtins.pow"})
"""Functions whose result can be far larger than their arguments."""

_TEXTUAL = frozenset({"builtins.str", "builtins.repr", "builtins.ascii", "builtins.format", "json.dumps"})
_MOST_OPTIONS = 4
_LONGEST_PATTERN = 100
_MOST_WAYS = 10_000_000
_PLAIN_GROUP = re.compile(r"\(\?(?:P<\w+>|:|<?[=!])")
"""Groups that are only named, or only grouped, or look ahead or behind; others set flags or depend on others."""
_REPETITION = re.compile(r"[*+]|\{\d*,")
_FROM_TEXT = frozenset({"fractions.Fraction", "decimal.Decimal"})


def _is_huge(text: str) -> bool:
    """Whether the exponent of a number's text makes it one of very many digits."""
    digits = text.lower().rpartition("e")[2].strip("+-_ ") if "e" in text.lower() else ""
    return len(digits) > 4


def _digit_runs(spec: object) -> list[str]:
    return "".join(c if c.isdigit() else " " for c in str(spec)).split()


HARMLESS = frozenset(
    {
        *("builtins.print", "builtins.len", "builtins.repr", "builtins.isinstance", "builtins.hash", "builtins.id"),
        *("builtins.type", "builtins.callable", "builtins.dir", "builtins.open", "pprint.pprint"),
        *("json.dumps", "json.dump", "rich.print", "tqdm.tqdm", "tqdm.auto.tqdm", "warnings.warn", "copy.deepcopy"),
    }
)
"""Functions that do not change what they are given."""

TRANSPARENT = frozenset({"tqdm.tqdm", "tqdm.auto.tqdm", "tqdm.trange", "typing.cast", "typing_extensions.cast"})
"""Functions that give back what they are given, for our purpose (`cast` gives its second argument)."""

SET_PLAINLY = "builtins.object.__setattr__"
"""How a frozen dataclass sets its own attributes."""

MAKE_PLAINLY = "builtins.object.__new__"

FACTORY = External("contextlib.contextmanager()")
"""What `contextmanager` makes of a function; a call of it gives the manager."""

PATH_TYPES = frozenset({"pathlib.Path", "pathlib.PosixPath"})
PURE_PATH_TYPES = frozenset(
    {"pathlib.PurePath", "pathlib.PurePosixPath", "pathlib.PureWindowsPath", "pathlib.WindowsPath"}
)


def external_member(owner: str, name: str) -> AbstractValue:
    """Return what `owner.name` is, for an owner outside the project."""
    full = public_name(f"{owner}.{name}")
    if full in _CONSTANTS:
        return _CONSTANTS[full]
    if full in {SET_PLAINLY, MAKE_PLAINLY}:
        return External(full)
    if name.startswith("__"):
        plain = getattr(builtins, owner.removeprefix("builtins."), None)
        if isinstance(plain, type) and owner == f"builtins.{plain.__name__}" and name in {"__name__", "__qualname__"}:
            return plain.__name__
        return Unknown(f"{owner}.{name}, which is outside the project")
    return External(full)


def external_value(name: str) -> AbstractValue:
    """Return a constant if a dotted name is a known one, else the name as something outside."""
    return _CONSTANTS.get(name, External(name))


def is_pure(name: str) -> bool:
    """Whether a function outside the project is known and pure."""
    return name in _PURE or name in OTHER_PURE


def call_pure(name: str, arguments: CallArguments) -> AbstractValue:
    """Return what a pure function gives; raise Raised with what it raises."""
    place = arguments.place
    if any(isinstance(value, NumpyNumber) for value in arguments.positional):
        made = of_number(name, arguments)
        if not isinstance(made, CallArguments):
            return made
        arguments = made
    try:
        as_data = name == "json.dumps"
        positional = [to_python(value, as_data=as_data) for value in arguments.positional]
        keywords = {key: to_python(value, as_data=as_data) for key, value in arguments.keywords.items()}
    except NotConvertible as problem:
        plain = name.removeprefix("builtins.")
        kinds = (Concrete, *_NO_NUMBERS)  # those of others may have an operator of their own
        is_clear = name in _OF_NUMBERS and all(isinstance(value, kinds) for value in arguments.positional)
        if is_clear and any(isinstance(value, _NO_NUMBERS) for value in arguments.positional):
            raise Raised("TypeError", f"{plain} takes numbers", place) from problem
        return Unknown(f"{plain}(…) of {problem.reason}", place)
    if name in _SIZED and any(isinstance(value, int) and abs(value) > 20_000 for value in positional):
        raise TooLarge(f"the result of {name.removeprefix('builtins.')} is too large to follow", place)
    if name in _TEXTUAL and any(holds_enum(value) for value in arguments.positional):
        return Unknown("the text of an enum member, which depends on Python's version", place)
    if any(isinstance(value, str) and _is_huge(value) for value in positional if name in _FROM_TEXT):
        raise TooLarge(f"the result of {name.removeprefix('builtins.')} is too large to follow", place)
    if name == "builtins.format" and len(positional) > 1 and any(len(run) > 5 for run in _digit_runs(positional[1])):
        raise TooLarge("a format that is too wide to follow", place)
    if name.startswith("re.") and name not in {"re.escape", "re.compile"}:
        pattern, *texts = [*positional, *keywords.values()]
        if not is_quick(getattr(pattern, "pattern", pattern), texts):
            return Unknown(f"{name} with a pattern or a text that may take long", place)
    function = _PURE.get(name) or other_pure(name)
    return apply(lambda: function(*positional, **keywords), place)


def is_quick(pattern: object, given: Sequence[object]) -> bool:
    """Whether a search comes to its end soon: no repetition of a group, no reference back, few ways to read the text.

    Each repetition that may end in several places can be tried at each place of the text for each way of those before.
    """
    texts = [value for value in given if isinstance(value, str)]
    if not isinstance(pattern, str) or not texts or len(pattern) > _LONGEST_PATTERN:
        return False
    plain = _PLAIN_GROUP.sub("(", pattern)
    repeats = len(_REPETITION.findall(plain))
    has_groups = any(f"){sign}" in plain for sign in "*+{?") or "(?" in plain or re.search(r"\\\d", plain)
    ways = (max(map(len, texts)) + 1) ** (repeats + 1)
    return not has_groups and plain.count("?") <= _MOST_OPTIONS and ways <= _MOST_WAYS


def make_path(arguments: list[AbstractValue], place: Place) -> AbstractValue:
    """Return `Path(a, b, …)`."""
    parts: list[str] = []
    for value in arguments:
        if isinstance(value, Unknown):
            return value
        if value is None or isinstance(value, int | float | bytes | tuple | ListObject | DictObject | SetObject):
            raise Raised("TypeError", f"a path made of a {type_name(value)}", place)
        if not isinstance(value, str | PathValue):
            return Unknown("a path made of something that is no text", place)
        parts.append(value.text if isinstance(value, PathValue) else value)
    return join_path(parts)


def join_path(parts: list[str]) -> PathValue:
    """Return the path of some parts, normalised as pathlib does."""
    result = from_python(_posix(*parts))
    if not isinstance(result, PathValue):
        raise TypeError("a pure path is a path")
    return result


def _posix(*parts: str) -> object:
    return type(to_python(PathValue("")))(*parts)
