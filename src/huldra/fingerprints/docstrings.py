"""What a definition says of itself, for code that asks: `f.__doc__` may be a prompt."""

import hashlib
from collections.abc import Iterable

from huldra.facts.expressions import Concatenation, Literal, Node
from huldra.facts.statements import ClassDefinition, ExpressionStatement, FunctionDefinition
from huldra.fingerprints.literals import literal_form, plain_text
from huldra.fingerprints.model import Closure

_ASKING = frozenset({"inspect.getdoc", "inspect.getsource", "inspect.getsourcelines", "dis.Bytecode"})


def docstrings(parts: Iterable[Node | None]) -> str:
    """Return what names the docstrings of definitions; empty if they have none."""
    texts = [_docstring(part) for part in parts if isinstance(part, FunctionDefinition | ClassDefinition)]
    return hashlib.sha256(repr(texts).encode("utf-8", "surrogatepass")).hexdigest()[:20] if any(texts) else ""


def asks_for_docstrings(closure: Closure) -> bool:
    """Whether code reads docstrings, by the attributes that it reads and what it uses outside the project."""
    references = (reference for definition in closure.definitions for reference in definition.references)
    return "__doc__" in closure.attributes or any(reference.target in _ASKING for reference in references)


def _docstring(definition: FunctionDefinition | ClassDefinition) -> str:
    match definition.body[:1]:
        case (ExpressionStatement(value=Literal(source=source)),):
            text = literal_form(source)
            return text if text.startswith("str ") else ""
        case (ExpressionStatement(value=Concatenation() as value),):
            return plain_text(value) or ""
        case _:
            return ""
