"""What a module gives for names that it does not have (`__getattr__`, PEP 562), as far as its text tells."""

import ast
from collections.abc import Iterator

from huldra.facts.expressions import DictDisplay, Expression, ListDisplay, Literal, TupleDisplay
from huldra.facts.statements import FunctionDefinition, ImportFrom
from huldra.facts.walk import walk
from huldra.project.bindings import BindingTarget, Namespace


def lazy_imports(hook: BindingTarget, name: str, namespace: Namespace) -> Iterator[tuple[str, str]]:
    """Yield from where a hook may import a name: a module with its leading dots, and the name in it.

    Tables say it both ways round: `{"Train": ".models"}`, `{"Train": (".models", "Train")}`, `{"models": ["Train"]}`.
    Whoever asks has to see whether such a module and such a name are there.
    """
    if not isinstance(hook, FunctionDefinition):
        return
    for node in walk(hook):
        if isinstance(node, ImportFrom):
            for imported in node.names:
                if (imported.alias or imported.name) == name:
                    yield "." * node.level + node.module, imported.name
    tables = (binding.target for bindings in namespace.bindings.values() for binding in bindings)
    for table in tables:
        if isinstance(table, DictDisplay):
            yield from _from_table(table, name)


def lazy_names(hook: BindingTarget, namespace: Namespace) -> Iterator[str]:
    """Yield the names that a hook may import, and texts that may be some."""
    if not isinstance(hook, FunctionDefinition):
        return
    for node in walk(hook):
        if isinstance(node, ImportFrom):
            yield from (imported.alias or imported.name for imported in node.names)
    for binding in (binding for bindings in namespace.bindings.values() for binding in bindings):
        if isinstance(binding.target, DictDisplay):
            for key, value in binding.target.entries:
                yield from _texts(value)
                if (text := _text(key)) is not None:
                    yield text


def _from_table(table: DictDisplay, name: str) -> Iterator[tuple[str, str]]:
    for key, value in table.entries:
        texts = tuple(_texts(value))
        if _text(key) == name and texts:
            yield _relative(texts[0]), texts[1] if len(texts) > 1 else name
        elif name in texts and (module := _text(key)):
            yield _relative(module), name


def _relative(module: str) -> str:
    """A bare name in such a table stands for a module of the package itself."""
    return module if "." in module else f".{module}"


def _texts(value: Expression) -> Iterator[str]:
    items = value.items if isinstance(value, ListDisplay | TupleDisplay) else (value,)
    yield from (text for item in items if (text := _text(item)) is not None)


def _text(expression: Expression | None) -> str | None:
    if not isinstance(expression, Literal):
        return None
    try:
        value: object = ast.literal_eval(expression.source)
    except (SyntaxError, ValueError):
        return None
    return value if isinstance(value, str) else None
