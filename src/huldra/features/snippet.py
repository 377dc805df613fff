"""Python that builds a config, imports included: what a reader copies to get an experiment back."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from huldra.formats.config_values import (
    BytesValue,
    ConfigValue,
    DictValue,
    EnumValue,
    ListValue,
    MissingValue,
    ModelValue,
    PathValue,
    SetValue,
    TimeValue,
    TupleValue,
    UnhashableValue,
    Value,
)
from huldra.formats.dialect import dialect_of_class
from huldra.formats.names import LOCALS
from huldra.project.modules import ModuleTable

_INDENT = "    "
_LONGEST_LINE = 88


@dataclass(frozen=True, slots=True)
class Snippet:
    """Python text; `doubt` says why it may not run as it is, and is None where nothing is known against it."""

    text: str
    doubt: str | None


@dataclass(slots=True)
class _Writer:
    modules: ModuleTable
    imports: dict[str, None] = field(default_factory=dict[str, None])
    doubts: dict[str, None] = field(default_factory=dict[str, None])

    def name(self, dotted: str) -> str:
        """Return how a class is written, its module imported."""
        parts = dotted.split(".")
        known = (".".join(parts[:count]) for count in range(len(parts) - 1, 0, -1))
        module = next((name for name in known if name in self.modules.file_of), None)
        if LOCALS in dotted:
            self.doubts[f"{dotted} is defined inside a function"] = None
        elif module is None:
            self.doubts[f"{dotted} is not in the code"] = None
            module = dotted.rpartition(".")[0]
        self.imports[module or dotted] = None
        return dotted


def config_snippet(config: ConfigValue, modules: ModuleTable, *, call: str = "") -> Snippet:
    """Return Python that builds a config.

    Args:
        config: What to build, with all its fields.
        modules: The modules of the project.
        call: What to add behind it: `.load_or_create()`.
    """
    writer = _Writer(modules)
    text = _text(config, writer, 0)
    if any(dialect_of_class(name) for name in writer.imports):
        writer.doubts["a class of the library itself"] = None
    imports = "".join(f"import {name}\n" for name in sorted(writer.imports))
    return Snippet(f"{imports}\n{text}{call}\n", "; ".join(writer.doubts) or None)


def _text(value: Value, writer: _Writer, depth: int) -> str:  # a table of kinds
    match value:
        case ConfigValue(class_name, pairs) | ModelValue(class_name, pairs):
            parts = [f"{name}={_text(item, writer, depth + 1)}" for name, item in pairs]
            return _bracketed(f"{writer.name(class_name)}(", parts, ")", depth)
        case EnumValue(class_name, member):
            return f"{writer.name(class_name)}.{member}"
        case PathValue(text):
            writer.imports["pathlib"] = None
            return f"pathlib.Path({text!r})"
        case ListValue(items):
            return _bracketed("[", _texts(items, writer, depth), "]", depth)
        case TupleValue(items):
            parts = _texts(items, writer, depth)
            return f"({parts[0]},)" if len(parts) == 1 else _bracketed("(", parts, ")", depth)
        case SetValue(items, is_frozen):
            braced = _bracketed("{", _texts(items, writer, depth), "}", depth) if items else "set()"
            return f"frozenset({braced})" if is_frozen else braced
        case DictValue(pairs):
            parts = [f"{_text(key, writer, depth + 1)}: {_text(item, writer, depth + 1)}" for key, item in pairs]
            return _bracketed("{", parts, "}", depth)
        case BytesValue(data):
            return repr(data)
        case TimeValue(moment):
            writer.imports["datetime"] = None
            return f"datetime.datetime.fromisoformat({moment.isoformat()!r})"
        case float() if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124  # NaN
            return f"float({str(value)!r})"
        case UnhashableValue(type_name):
            writer.doubts[f"a {type_name} cannot be written down"] = None
            return f"...  # {type_name}"
        case MissingValue():
            writer.doubts["a field is MISSING"] = None
            return "MISSING"
        case _:
            return repr(value)


def _texts(items: Iterable[Value], writer: _Writer, depth: int) -> list[str]:
    return [_text(item, writer, depth + 1) for item in items]


def _bracketed(opening: str, parts: list[str], closing: str, depth: int) -> str:
    line = f"{opening}{', '.join(parts)}{closing}"
    if len(line) + depth * len(_INDENT) <= _LONGEST_LINE and "\n" not in line:
        return line
    inner = _INDENT * (depth + 1)
    return "\n".join((opening, *(f"{inner}{part}," for part in parts), f"{_INDENT * depth}{closing}"))
