"""Values as a person writes them, in one line: `Clean(corpus=Corpus(split=Split.TEST))`."""

from datetime import datetime

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
from huldra.formats.names import short_name

_LONGEST = 100


def value_text(value: Value, longest: int = _LONGEST) -> str:
    """Return a value in one line, cut to a number of characters."""
    return _cut(_text(value), longest)


def outline_text(config: ConfigValue, longest: int = _LONGEST) -> str:
    """Return a config in one line; where it is too long, what its own fields hold without what lies deeper.

    So `Train(data=Corpus(…), lr=0.1)` shows its `lr`, whatever its `data` is made of.
    """
    text = _text(config)
    if len(text) > longest:
        held = ", ".join(f"{name}={_without_depth(item)}" for name, item in config.fields)
        text = f"{short_name(config.class_name)}({held})"
    return _cut(text, longest)


def _without_depth(value: Value) -> str:
    match value:
        case ConfigValue(class_name, pairs) | ModelValue(class_name, pairs):
            return f"{short_name(class_name)}({'…' if pairs else ''})"
        case ListValue(items) | TupleValue(items) if any(isinstance(item, ConfigValue) for item in items):
            return f"[{', '.join(_without_depth(item) for item in items)}]"
        case _:
            return _text(value)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _text(value: Value) -> str:
    match value:
        case ConfigValue(class_name, pairs) | ModelValue(class_name, pairs):
            return f"{short_name(class_name)}({', '.join(f'{name}={_text(item)}' for name, item in pairs)})"
        case EnumValue(class_name, member):
            return f"{short_name(class_name)}.{member}"
        case PathValue(text):
            return f"Path({text!r})"
        case ListValue(items):
            return f"[{_joined(items)}]"
        case TupleValue(items):
            return f"({_joined(items)}{',' if len(items) == 1 else ''})"
        case SetValue(items):
            return f"{{{_joined(items)}}}" if items else "set()"
        case DictValue(pairs):
            return f"{{{', '.join(f'{_text(key)}: {_text(item)}' for key, item in pairs)}}}"
        case BytesValue(data):
            return repr(data)
        case TimeValue(moment):
            return datetime.isoformat(moment)
        case UnhashableValue(type_name):
            return f"<{type_name}>"
        case MissingValue():
            return "MISSING"
        case _:
            return repr(value)


def _joined(items: tuple[Value, ...]) -> str:
    return ", ".join(_text(item) for item in items)
