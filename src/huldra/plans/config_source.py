"""Python that builds a config, and the imports it needs: the one writer of it. Knows the modules of the project."""

from collections.abc import Iterable

from msgspec import Struct

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
from huldra.formats.names import LOCALS, MAIN_MODULE
from huldra.project.modules import ModuleTable

_INDENT = "    "


class ConfigSource(Struct, frozen=True):
    """Modules to import, and one expression.

    `faults` say why it cannot be run as it is; `outside` are the classes that are not in the code of the project.
    """

    imports: tuple[str, ...]
    expression: str
    faults: tuple[str, ...]
    outside: tuple[str, ...]


def config_source(config: ConfigValue, modules: ModuleTable, width: int | None = None) -> ConfigSource:
    """Return Python that builds a config, every field said.

    Args:
        config: What to build.
        modules: The modules of the project.
        width: How long a line may be before it is broken at its brackets; None for one line, however long.
    """
    writer = _Writer(modules, width)
    text = writer.text(config)
    return ConfigSource(tuple(sorted(writer.imports)), text, tuple(writer.faults), tuple(writer.outside))


def value_source(value: Value, modules: ModuleTable) -> str | None:
    """Return Python for a value, classes by their whole names; None for what cannot be written down."""
    writer = _Writer(modules, None)
    text = writer.text(value)
    return None if writer.faults else text


class _Writer(Struct):
    modules: ModuleTable
    width: int | None
    imports: dict[str, None] = {}
    faults: dict[str, None] = {}
    outside: dict[str, None] = {}

    def text(self, value: Value, depth: int = 0) -> str:
        match value:
            case ConfigValue(class_name, pairs) | ModelValue(class_name, pairs):
                name = self._name(class_name)
                parts = [f"{field}={self.text(item, depth + 1)}" for field, item in pairs]
                return self._bracketed(f"{name}(", parts, ")", depth)
            case EnumValue(class_name, member):
                name = self._name(class_name)
                return f"{name}.{member}" if member.isidentifier() else f"{name}({self.text(value.value, depth)})"
            case PathValue(text):
                return f"{self._library('pathlib')}.Path({text!r})"
            case ListValue(items):
                return self._bracketed("[", self._items(items, depth), "]", depth)
            case TupleValue((item,)):
                return f"({self.text(item, depth)},)"
            case TupleValue(items):
                return self._bracketed("(", self._items(items, depth), ")", depth)
            case SetValue(items, is_frozen):
                braced = self._bracketed("{", self._items(items, depth), "}", depth) if items else "set()"
                return f"frozenset({braced})" if is_frozen else braced
            case DictValue(pairs):
                parts = [f"{self.text(key, depth + 1)}: {self.text(item, depth + 1)}" for key, item in pairs]
                return self._bracketed("{", parts, "}", depth)
            case TimeValue(moment):
                return f"{self._library('datetime')}.datetime.fromisoformat({moment.isoformat()!r})"
            case BytesValue(data):
                return repr(data)
            case UnhashableValue(type_name):
                return self._fault(f"a {type_name} cannot be written down")
            case MissingValue():
                return self._fault("a field is MISSING")
            case float() if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124  # NaN
                return f"float({str(value)!r})"
            case _:
                return repr(value)

    def _items(self, items: Iterable[Value], depth: int) -> list[str]:
        return [self.text(item, depth + 1) for item in items]

    def _bracketed(self, opening: str, parts: list[str], closing: str, depth: int) -> str:
        line = f"{opening}{', '.join(parts)}{closing}"
        if self.width is None or (len(line) + depth * len(_INDENT) <= self.width and "\n" not in line):
            return line
        inner = _INDENT * (depth + 1)
        return "\n".join((opening, *(f"{inner}{part}," for part in parts), f"{_INDENT * depth}{closing}"))

    def _name(self, dotted: str) -> str:
        """Return how a class is written, its module imported."""
        parts = dotted.split(".")
        prefixes = (".".join(parts[:count]) for count in range(len(parts) - 1, 0, -1))
        module = next((name for name in prefixes if name in self.modules.file_of), None)
        if LOCALS in dotted or parts[0] == MAIN_MODULE:
            self._fault(f"{dotted} cannot be imported: it is defined inside a function or a script")
        elif module is None:
            self.outside[dotted] = None
        # A class of another distribution: what stands before its own name is taken for its module.
        return self._import(dotted, module or dotted.rpartition(".")[0])

    def _library(self, module: str) -> str:
        self.imports[module] = None
        return module

    def _import(self, dotted: str, module: str) -> str:
        if module:
            self.imports[module] = None
        return dotted

    def _fault(self, words: str) -> str:
        self.faults[words] = None
        return "..."
