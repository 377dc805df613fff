"""LibCST match patterns as facts."""

from huldra.facts import statements as s
from huldra.facts.read_expressions import ExpressionReader
from huldra.facts.syntax import cst


def read_pattern(reader: ExpressionReader, node: cst.MatchPattern) -> s.Pattern:
    """Return a pattern; names and keys are read in source order."""
    cursor = reader.cursor
    match node:
        case cst.MatchValue():
            return s.ValuePattern(reader.read(node.value))
        case cst.MatchSingleton():
            return s.ValuePattern(reader.read(node.value))
        case cst.MatchList() | cst.MatchTuple():
            return s.SequencePattern(tuple(_element(reader, item) for item in node.patterns))
        case cst.MatchMapping():
            return _mapping(reader, node)
        case cst.MatchClass():
            cls = reader.read(node.cls)
            positional = tuple(read_pattern(reader, item.value) for item in node.patterns)
            keywords: list[tuple[str, s.Pattern]] = []
            for item in node.kwds:
                cursor.take(item.key.value)
                keywords.append((item.key.value, read_pattern(reader, item.pattern)))
            return s.ClassPattern(cls, positional, tuple(keywords))
        case cst.MatchAs():
            inner = None if node.pattern is None else read_pattern(reader, node.pattern)
            if node.name is None:
                if inner is None:
                    cursor.take("_")
                return s.AsPattern(inner, None)
            cursor.take(node.name.value)
            return s.AsPattern(inner, node.name.value)
        case cst.MatchOr():
            return s.OrPattern(tuple(read_pattern(reader, item.pattern) for item in node.patterns))
        case _:
            raise TypeError(type(node).__name__)


def _element(reader: ExpressionReader, node: cst.MatchSequenceElement | cst.MatchStar) -> s.Pattern:
    if isinstance(node, cst.MatchStar):
        name = None if node.name is None else node.name.value
        reader.cursor.take("*")
        reader.cursor.take(name or "_")
        return s.StarPattern(name)
    return read_pattern(reader, node.value)


def _mapping(reader: ExpressionReader, node: cst.MatchMapping) -> s.Pattern:
    entries = tuple((reader.read(item.key), read_pattern(reader, item.pattern)) for item in node.elements)
    rest = None if node.rest is None else node.rest.value
    if rest is not None:
        reader.cursor.take(rest)
    return s.MappingPattern(entries, rest)
