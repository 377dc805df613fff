"""A long expression broken into lines at its brackets, as formatters of code do. Adds commas and white space only."""

import ast

_INDENT = "    "
_WIDTH = 88


def wrapped_source(expression: str) -> str:
    """Return an expression of one line in lines that are not too long, if its brackets allow it."""
    if len(expression) <= _WIDTH:
        return expression
    try:
        tree = ast.parse(expression, mode="eval")
        return _text(expression.encode(), tree.body, 0, "")
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # nested deeper than Python reads
        return expression


def _text(source: bytes, node: ast.expr, depth: int, before: str) -> str:
    """Return a part. `before` is what stands before it on its line."""
    whole = source[node.col_offset : node.end_col_offset].decode()
    if len(_INDENT) * depth + len(before) + len(whole) <= _WIDTH:
        return whole
    match node:
        case ast.Call(func=name, args=args, keywords=keywords) if args or keywords:
            parts = [(f"{each.arg}=" if each.arg else "**", each.value) for each in keywords]
            return _bracketed(source, f"{_plain(source, name)}(", [*(("", arg) for arg in args), *parts], ")", depth)
        case ast.List(elts=items) if items:
            return _bracketed(source, "[", [("", item) for item in items], "]", depth)
        case ast.Set(elts=items):
            return _bracketed(source, "{", [("", item) for item in items], "}", depth)
        case ast.Tuple(elts=items) if items and whole.startswith("("):
            return _bracketed(source, "(", [("", item) for item in items], ")", depth)
        case ast.Dict(keys=keys, values=values) if keys:
            pairs = zip(keys, values, strict=True)
            parts = [("**" if key is None else f"{_plain(source, key)}: ", value) for key, value in pairs]
            return _bracketed(source, "{", parts, "}", depth)
        case _:
            return whole


def _plain(source: bytes, node: ast.expr) -> str:
    return source[node.col_offset : node.end_col_offset].decode()


def _bracketed(source: bytes, opening: str, parts: list[tuple[str, ast.expr]], closing: str, depth: int) -> str:
    inner = _INDENT * (depth + 1)
    lines = (f"{inner}{before}{_text(source, node, depth + 1, before)}," for before, node in parts)
    return "\n".join((opening, *lines, f"{_INDENT * depth}{closing}"))
