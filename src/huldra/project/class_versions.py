"""The version that `class K(Base, version="…")` must state: eight hex digits over the fields, as chz 0.4 counts them.

Only what declarations show; a field whose type or default is not plainly written leaves the version unknown.
"""

import ast
import hashlib
import json
from collections.abc import Iterable

from huldra.facts.expressions import Constant, Expression, Literal, Name, Subscript, TupleDisplay, Unary
from huldra.project.fields import RAW_PREFIX, FieldDeclaration


def class_version(fields: Iterable[FieldDeclaration]) -> str | None:
    """Return the version of a class with these fields; None where it cannot be told."""
    keys: list[list[str]] = []
    for field in sorted(fields, key=lambda field: f"{RAW_PREFIX}{field.name}"):
        annotation = None if field.annotation is None else _type_text(field.annotation)
        default = "" if field.default is None else _default_text(field.default)
        if annotation is None or default is None or field.factory is not None:
            return None
        keys.append([field.raw_name, hashlib.sha1(annotation.encode()).hexdigest(), default, ""])  # noqa: S324
    text = json.dumps(keys, separators=(",", ":"))
    return hashlib.sha1(text.encode()).hexdigest()[:8]  # noqa: S324  chz's choice; nothing is secured by it


def _type_text(annotation: Expression) -> str | None:
    """Return the text that chz hashes for a type: `int`, `list[int]`; unions raise there, so they are not told here."""
    match annotation:
        case Name(id=name):
            return name
        case Literal(source=source) if source[:1] in "'\"":
            return source.strip("'\"")
        case Subscript(value=value, index=index):
            outer = _type_text(value)
            parts = [_type_text(item) for item in (index.items if isinstance(index, TupleDisplay) else (index,))]
            known = [part for part in parts if part is not None]
            return f"{outer}[{','.join(known)}]" if outer is not None and len(known) == len(parts) else None
        case _:
            return None


def _default_text(default: Expression) -> str | None:
    match default:
        case Literal(source=source):
            try:
                value: object = ast.literal_eval(source)
            except (ValueError, SyntaxError):
                return None
            return repr(value)
        case Constant(word="None" | "True" | "False" as word):
            return word
        case Unary(operator="-", operand=Literal() as operand):
            inner = _default_text(operand)
            return None if inner is None else f"-{inner}"
        case _:
            return None
