"""The names of fields as written, `config."a key"[0].lr` included, and what was probably meant by a wrong one."""

import difflib
import re

from msgspec import Struct

from huldra.stored_runs.query.expressions import ConfigField, QueryField
from huldra.stored_runs.query.fields import ALIASES, CONFIG, FIELDS
from huldra.stored_runs.query.words import unquoted

_STEP = re.compile(
    r"""\.(?P<name>[^.\[\]"']+)|\.(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\[(?P<index>[0-9]+)\]"""
)
_MOST_DIGITS = 9


class Misnamed(Struct, frozen=True):
    """There is no such field."""

    message: str


def read_field(text: str) -> QueryField | Misnamed:
    """Return the field that a word names."""
    head = re.split(r"[.\[]", text, maxsplit=1)[0]
    if head == CONFIG:
        return _config_field(text)
    name = ALIASES.get(text, text)
    if name in FIELDS:
        return FIELDS[name]
    return Misnamed(f"there is no field {text!r}{_hint(text)}")


def _hint(text: str) -> str:
    folded = text.lower()
    states = {name: info for info in FIELDS.values() for name in info.choices}
    if folded in states:
        return f"; did you mean is {folded}?" if states[folded].name in ("verdict", "result") else ""
    starts = [known for known in FIELDS if folded and known.startswith(folded)]
    nearest = starts or difflib.get_close_matches(folded, (*FIELDS, CONFIG), 1)
    if nearest:
        return f"; did you mean {nearest[0]}?"
    if text[:1].isupper() or "." in text:
        return f"; runs of a class are class == {text}"
    return f"; a field of the config is config.{text}" if text.isidentifier() else ""


def _config_field(text: str) -> ConfigField | Misnamed:
    at, steps = len(CONFIG), list[str | int]()
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None or (found["index"] and len(found["index"]) > _MOST_DIGITS):
            return Misnamed(f"character {at + 1} of {text!r} begins no field: write config.a.b, config.a[0]")
        index, quoted = found["index"], found["quoted"]
        steps.append(int(index) if index else unquoted(quoted) if quoted else found["name"])
        at = found.end()
    if not steps:
        return Misnamed("config alone is no value: name a field of it, config.lr")
    return ConfigField(tuple(steps))
