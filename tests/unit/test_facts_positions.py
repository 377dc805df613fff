"""Facts stand where Python's own parser says: positions and kinds against `ast`, over real files."""

import ast
import sysconfig
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from huldra.facts import expressions as e
from huldra.facts import statements as s
from huldra.facts.collect import collect_facts
from huldra.facts.pieces import split_pieces
from huldra.facts.walk import walk

Entry = tuple[str, str, int, int, int, int]

KINDS = {
    ast.Name: e.Name,
    ast.Attribute: e.Attribute,
    ast.Call: e.Call,
    ast.Subscript: e.Subscript,
    ast.BinOp: e.Binary,
    ast.UnaryOp: e.Unary,
    ast.Compare: e.Comparison,
    ast.IfExp: e.Conditional,
    ast.Lambda: e.Lambda,
    ast.List: e.ListDisplay,
    ast.Tuple: e.TupleDisplay,
    ast.Set: e.SetDisplay,
    ast.Dict: e.DictDisplay,
    ast.Starred: e.Starred,
    ast.NamedExpr: e.Walrus,
    ast.Await: e.Await,
    ast.Yield: e.Yield,
    ast.YieldFrom: e.YieldFrom,
    ast.Slice: e.Slice,
    ast.ListComp: e.Comprehension,
    ast.SetComp: e.Comprehension,
    ast.DictComp: e.Comprehension,
    ast.GeneratorExp: e.Comprehension,
    ast.JoinedStr: e.FormattedString,
    ast.Constant: e.Literal,
    ast.Expr: s.ExpressionStatement,
    ast.Assign: s.Assign,
    ast.AnnAssign: s.AnnotatedAssign,
    ast.AugAssign: s.AugmentedAssign,
    ast.Return: s.Return,
    ast.Raise: s.Raise,
    ast.Assert: s.Assert,
    ast.Delete: s.Delete,
    ast.Pass: s.Pass,
    ast.Break: s.Break,
    ast.Continue: s.Continue,
    ast.Import: s.Import,
    ast.ImportFrom: s.ImportFrom,
    ast.If: s.If,
    ast.While: s.While,
    ast.For: s.For,
    ast.AsyncFor: s.For,
    ast.With: s.With,
    ast.AsyncWith: s.With,
    ast.Try: s.Try,
    ast.TryStar: s.Try,
    ast.Match: s.Match,
    ast.FunctionDef: s.FunctionDefinition,
    ast.AsyncFunctionDef: s.FunctionDefinition,
    ast.ClassDef: s.ClassDefinition,
}
_FACTS = (*dict.fromkeys(KINDS.values()), e.Concatenation, e.Constant)
_OPERATORS = (
    "Add +,Sub -,Mult *,Div /,FloorDiv //,Mod %,Pow **,LShift <<,RShift >>,BitOr |,BitAnd &,BitXor ^,MatMult @,"
    "Eq ==,NotEq !=,Lt <,LtE <=,Gt >,GtE >=,In in,NotIn not in,Is is,IsNot is not,USub -,UAdd +,Invert ~,Not not"
)
_PAIRS = (pair.partition(" ") for pair in _OPERATORS.split(","))
_SYMBOLS: dict[type[ast.AST], str] = {getattr(ast, name): symbol for name, _, symbol in _PAIRS}


def stdlib_files(step: int) -> list[Path]:
    """Every `step`-th file of the standard library that is Python for people, not test data for parsers."""
    root = Path(sysconfig.get_path("stdlib"))
    files = [p for p in sorted(root.rglob("*.py")) if not {"site-packages", "lib2to3", "idlelib"} & set(p.parts)]
    return files[::step]


def expected(tree: ast.Module, lines: list[str]) -> Iterator[Entry]:
    """What ast says, columns in code points; the insides of f-strings and match patterns left out."""

    def visit(node: ast.AST) -> Iterator[Entry]:
        fact = KINDS.get(type(node))
        if fact is not None and hasattr(node, "lineno"):
            start = len(lines[node.lineno - 1].encode()[: node.col_offset].decode())
            end = len(lines[node.end_lineno - 1].encode()[: node.end_col_offset].decode())
            yield fact.__name__, said_by_ast(node), node.lineno, start, node.end_lineno, end
        if isinstance(node, ast.JoinedStr | ast.pattern):
            return
        for child in ast.iter_child_nodes(node):
            yield from visit(child)

    yield from visit(tree)


def said_by_ast(node: ast.AST) -> str:
    """What a node says besides its children and its place."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Constant(value=value):
            return repr(value)
        case ast.BinOp(op=op) | ast.UnaryOp(op=op) | ast.AugAssign(op=op):
            return _SYMBOLS[type(op)]
        case ast.Compare(ops=ops):
            return ",".join(_SYMBOLS[type(op)] for op in ops)
        case ast.Call(args=args, keywords=keywords):
            return f"{len(args) + len(keywords)}"
        case ast.Import(names=names):
            return ",".join(f"{name.name}:{name.asname}" for name in names)
        case ast.ImportFrom(names=names, module=module, level=level):
            return f"{level}{module or ''} " + ",".join(f"{name.name}:{name.asname}" for name in names)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            is_async = isinstance(node, ast.AsyncFunctionDef)
            return f"{node.name} {is_async} {len(node.body)} {len(list(ast.iter_child_nodes(node.args)))}"
        case ast.ClassDef(name=name, body=body):
            return f"{name} {len(body)}"
        case ast.If(body=body, orelse=orelse) | ast.For(body=body, orelse=orelse) | ast.While(body=body, orelse=orelse):
            return f"{len(body)} {len(orelse)}"
        case ast.Try(handlers=handlers, body=body, orelse=orelse, finalbody=final):
            return f"{len(handlers)} {len(body)} {len(orelse)} {len(final)}"
        case _:
            return ""


def said_by_facts(node: e.Node) -> str:
    """The same, of a fact."""
    match node:
        case e.Name(id=name) | e.Attribute(name=name):
            return name
        case e.Constant(word=word):
            return repr(ast.literal_eval(word))
        case e.Literal(source=source):
            return repr(ast.literal_eval(source))
        case e.Concatenation(parts=parts):
            return repr(ast.literal_eval(" ".join(part.source for part in parts if isinstance(part, e.Literal))))
        case e.Unary(operator=op) | e.Binary(operator=op) | s.AugmentedAssign(operator=op):
            return op
        case e.Comparison(rest=rest):
            return ",".join(op for op, _ in rest)
        case e.Call(arguments=arguments):
            return f"{len(arguments)}"
        case s.Import(names=names):
            return ",".join(f"{name.name}:{name.alias}" for name in names)
        case s.ImportFrom(names=names, module=module, level=level, is_star=is_star):
            listed = ",".join(f"{name.name}:{name.alias}" for name in names)
            return f"{level}{module} {'*:None' if is_star else listed}"
        case s.FunctionDefinition(parameters=parameters):
            defaults = sum(parameter.default is not None for parameter in parameters)
            return f"{node.name} {node.is_async} {len(node.body)} {len(parameters) + defaults}"
        case s.ClassDefinition(name=name, body=body):
            return f"{name} {len(body)}"
        case s.If(body=body, orelse=orelse) | s.While(body=body, orelse=orelse):
            return f"{len(body)} {len(orelse)}"
        case s.For(body=body, orelse=orelse, is_async=False):
            return f"{len(body)} {len(orelse)}"
        case s.Try(handlers=handlers, body=body, orelse=orelse, final=final, is_group=False):
            return f"{len(handlers)} {len(body)} {len(orelse)} {len(final)}"
        case _:
            return ""


def found(text: str) -> Iterator[Entry]:
    stop = (e.FormattedString, e.Concatenation, s.ValuePattern, s.ClassPattern, s.MappingPattern)
    for piece in collect_facts(text).pieces:
        assert piece.facts.problem is None, piece.facts.problem
        for statement in piece.facts.statements:
            for node in walk(statement, stop_at=stop):
                if isinstance(node, _FACTS):
                    kind = _kind(node)
                    yield _entry(kind, "" if kind == "FormattedString" else said_by_facts(node), node.at, piece)
                if isinstance(node, e.Argument) and node.star == "*":
                    yield _entry("Starred", "", node.at, piece)
                if isinstance(node, e.Walrus):
                    line, column, _, _ = node.at
                    yield _entry("Name", node.target, (line, column, line, column + len(node.target)), piece)


def _kind(node: e.Node) -> str:
    match node:
        case e.Concatenation(parts=parts) if any(isinstance(part, e.FormattedString) for part in parts):
            return "FormattedString"
        case e.Concatenation() | e.Constant():
            return "Literal"
        case _:
            return type(node).__name__


def _entry(kind: str, said: str, at: e.Span, piece: s.Piece) -> Entry:
    line, column, end_line, end_column = at
    first_line = piece.first_line
    return kind, said, first_line + line + 1, column, first_line + end_line + 1, end_column


def readable(path: Path) -> tuple[str, ast.Module] | None:
    """The text of a file that this Python itself can read, and what it reads; else None."""
    try:
        text = path.read_text(encoding="utf-8")
        return text, ast.parse(text)
    except (SyntaxError, UnicodeDecodeError, ValueError):
        return None


@pytest.mark.parametrize("offset", range(4))
def test_positions_are_those_of_ast(offset: int) -> None:
    """Over 300 files in all. Files beyond 30 kB only take longer, they say nothing new."""
    paths = [path for path in stdlib_files(1) if path.stat().st_size < 30_000][::4]
    sources = {path: source for path in paths[offset::4] if (source := readable(path)) is not None}
    for path, (text, tree) in sources.items():
        assert Counter(found(text)) == Counter(expected(tree, text.split("\n"))), path
        pieces = split_pieces(text)
        assert "".join(piece.text for piece in pieces) == text
        bodies = [ast.dump(node) for piece in pieces for node in ast.parse(piece.text).body]
        assert bodies == [ast.dump(node) for node in tree.body], path
    assert len(sources) >= 75


HAND_MADE = [
    "x = (a + b) * c\n",
    "f(x for x in y)\n",
    "f((x for x in y))\n",
    "a = 1, 2,\n",
    "a[1:2, ::3]\na[b,]\n",
    "名前 = f(ü=1, ś='é')\n",
    "'😀', x\n",
    "lambda *a, b=1, **k: (yield)\n",
    "def f(a, /, b: int = 1, *args: int, c, **k) -> 'x': pass\n",
    "async def f():\n    async for x in y: await z\n    async with a as b, c: pass\n",
    "for x, in y: pass\nfor (x, y) in z: pass\nelse: pass\n",
    "with (open(a) as b, c): pass\nwith (a): pass\nwith (a, b): pass\n",
    "try:\n    pass\nexcept (A, B) as e:\n    raise X from e\nelse: pass\nfinally: pass\n",
    "try:\n    pass\nexcept* A:\n    pass\n",
    "@a.b(1)\n@c\nclass K(B, *c, metaclass=M, **d):\n    x: int\n    y: int = (1)\n",
    "print(*a, b=1, **c)\n",
    "a = b = c[0] = d.e\na += (1)\ndel a, b[0]\ndel (c, d)\n",
    "if (n := 10) > 5: pass\nelif x: pass\nelse: pass\n",
    "not a and b or -c ** ~d\n1 < x <= 2 is not None not in y\n",
    "{**a, 'b': 1, }\n{*a, 1}\n{a: b for a, b in c if d if e for f in g}\n",
    "((a))\n(((1, 2)))\n",
    "from . import (a as b, c,)\nfrom ..x.y import *\nimport a.b.c as d, e\n",
    "x = 'a' 'b' f'{c}' \\\n    'd'\n",
    "while True:\n    break\nelse:\n    pass\n",
    "def f():\n    global a, b\n    x = a; y = b\n    return\n",
    "match x:\n    case [1, a, *_] if a: pass\n    case {'k': v, **r}: pass\n",
    "match x:\n    case P(1, y=2) | None: pass\n    case -1 | 'a' as z: pass\n",
    "\f\nx = 1\n\f\ny = 2\n",
    "if x:\n\ty = 1\n",
    "x = [\n    1,\n  # c\n    2]\n",
    "del a, b,\ndel (a, b)\ndel (a), (b)\n",
    "f'{x!r:>{w}}' f'{a}', 'b' 'c'\n",
    "async def f():\n    return [x async for x in y if await z]\n",
    "match = case = type = _ = 1\nmatch(case)\ntype (_)\nmatch[case:_]\n",
    "x = a if b else-1\ny = [1]if(2)else(3)\n",
    "def f(*, a=1 * 2, **k): return a[:, ::2, *b]\n",
    "x = *a\nreturn *a, b\nfor x in *a, *b: pass\n",
    "(yield)\nx = yield a, b\n(yield from (a))\n",
    "print((a for a in b), *((c)))\n",
    "x: (int) = (yield)\nx.y: int = 1\n",
    "from a import b; import c; d = 1;\n",
]


@pytest.mark.parametrize("text", HAND_MADE)
def test_hand_made(text: str) -> None:
    tree = ast.parse(text)
    assert Counter(found(text)) == Counter(expected(tree, text.split("\n")))
