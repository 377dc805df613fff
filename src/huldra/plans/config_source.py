"""Python that builds a config, and the imports it needs. Knows the modules of the project; runs nothing."""

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
from huldra.formats.names import LOCALS, MAIN_MODULE
from huldra.project.modules import ModuleTable


@dataclass(frozen=True, slots=True)
class ConfigSource:
    """Modules to import, and one expression on one line. `faults` say why it cannot be run as it is."""

    imports: tuple[str, ...]
    expression: str
    faults: tuple[str, ...]


def config_source(config: ConfigValue, modules: ModuleTable) -> ConfigSource:
    """Return Python that builds a config, every field said."""
    writer = _Writer(modules)
    text = writer.text(config)
    return ConfigSource(tuple(sorted(writer.imports)), text, tuple(writer.faults))


def value_source(value: Value, modules: ModuleTable) -> str | None:
    """Return Python for a value, classes by their whole names; None for what cannot be written down."""
    writer = _Writer(modules)
    text = writer.text(value)
    return None if writer.faults else text


@dataclass(slots=True)
class _Writer:
    modules: ModuleTable
    imports: dict[str, None] = field(default_factory=dict[str, None])
    faults: dict[str, None] = field(default_factory=dict[str, None])

    def text(self, value: Value) -> str:
        match value:
            case ConfigValue(class_name, pairs) | ModelValue(class_name, pairs):
                return f"{self._name(class_name)}({', '.join(f'{name}={self.text(item)}' for name, item in pairs)})"
            case EnumValue(class_name, member):
                name = self._name(class_name)
                return f"{name}.{member}" if member.isidentifier() else f"{name}({self.text(value.value)})"
            case PathValue(text):
                return f"{self._library('pathlib')}.Path({text!r})"
            case ListValue(items):
                return f"[{self._items(items)}]"
            case TupleValue(items):
                return f"({self._items(items)}{',' if len(items) == 1 else ''})"
            case SetValue(items, is_frozen):
                braced = f"{{{self._items(items)}}}" if items else "set()"
                return f"frozenset({braced})" if is_frozen else braced
            case DictValue(pairs):
                return f"{{{', '.join(f'{self.text(key)}: {self.text(item)}' for key, item in pairs)}}}"
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

    def _items(self, items: Iterable[Value]) -> str:
        return ", ".join(self.text(item) for item in items)

    def _name(self, dotted: str) -> str:
        """Return how a class is written, its module imported."""
        parts = dotted.split(".")
        prefixes = (".".join(parts[:count]) for count in range(len(parts) - 1, 0, -1))
        module = next((name for name in prefixes if name in self.modules.file_of), None)
        if LOCALS in dotted or parts[0] == MAIN_MODULE:
            self._fault(f"{dotted} cannot be imported: it is defined inside a function or a script")
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
