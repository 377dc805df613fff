"""What may stand next in a half-written query, for editors and shells. Pure: known names and values are handed in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from huldra.stored_runs.query.expressions import QueryFault, QueryField
from huldra.stored_runs.query.fields import CONFIG, FIELDS, FieldInfo
from huldra.stored_runs.query.operands import OPERATORS_OF
from huldra.stored_runs.query.places import Misnamed, read_field
from huldra.stored_runs.query.words import Word, split_words

SuggestionKind = Literal["field", "operator", "value", "keyword"]
_JOINTS = {"and": "both hold", "or": "one of them holds"}
_EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "time": ("1d", "1w", "today", "yesterday"),
    "duration": ("1m", "1h", "1d"),
    "size": ("1MB", "1GB"),
    "boolean": ("true", "false"),
}


class Known(Struct, frozen=True):
    """What is known of the runs: places in their configs, and values by name of field (`class`, `config.lr`)."""

    config_names: Sequence[str] = ()
    values: Mapping[str, Sequence[str]] = {}


class Suggestion(Struct, frozen=True):
    """A word to be put in place of the characters from `start` to `end`."""

    text: str
    kind: SuggestionKind
    meaning: str
    start: int
    end: int


def complete_query(text: str, cursor: int, known: Known) -> tuple[Suggestion, ...]:
    """Return what may stand at the cursor, fields in documented order; nothing inside a quote that is open."""
    words = split_words(text[:cursor])
    if isinstance(words, QueryFault):
        return ()
    before = list(words[:-1])
    current = Word("word", "", cursor, cursor)
    if before and before[-1].end == cursor and before[-1].kind == "word":
        current = before.pop()
    found = _candidates(before, known)
    folded = current.text.lower()
    return tuple(
        Suggestion(word, kind, meaning, current.start, cursor)
        for word, kind, meaning in found
        if word.lower().startswith(folded) or (kind == "value" and folded and f".{folded}" in word.lower())
    )


_Candidate = tuple[str, SuggestionKind, str]


def _candidates(before: Sequence[Word], known: Known) -> Iterable[_Candidate]:
    """Return what may follow some words."""
    last = before[-1] if before else None
    if last is None or last.is_keyword("and", "or") or (last.kind == "mark" and last.text == "("):
        subject = _subject(before[:-1]) if last is not None and last.kind == "mark" else None
        return _values(subject, known) if subject is not None else _starts(known)
    if last.is_keyword("not"):
        return [("in", "keyword", "none of a list")] if _is_field(before[:-1]) else _starts(known)
    if last.is_keyword("is"):
        return _states(before[:-1])
    if last.is_keyword("in"):
        return [("(", "keyword", "a list of values")]
    if last.kind == "operator" or last.is_keyword("has") or (last.kind == "mark" and last.text == ","):
        subject = _subject(before)
        return () if subject is None else _values(subject, known)
    if _is_field(before):
        return _operators(last)
    return [(word, "keyword", meaning) for word, meaning in _JOINTS.items()]


def _each(words: Iterable[tuple[str, str]], kind: SuggestionKind) -> Iterator[_Candidate]:
    """Yield words of one kind, each given with its meaning."""
    for word, meaning in words:
        yield word, kind, meaning


def _starts(known: Known) -> Iterable[_Candidate]:
    yield from _each(((name, info.meaning) for name, info in FIELDS.items()), "field")
    yield from _each(((name, "a field of the config") for name in known.config_names), "field")
    yield ("is", "keyword", "a verdict, or a yes-or-no field: is stale, is dirty")
    yield ("not", "keyword", "what follows does not hold")


def _states(before: Sequence[Word]) -> Iterable[_Candidate]:
    if _is_field(before):
        yield from _each((("missing", "the run has no such value"), ("set", "it has one")), "keyword")
        return
    yield from _each(((name, "verdict") for name in FIELDS["verdict"].choices), "value")
    yield from _each(((name, info.meaning) for name, info in FIELDS.items() if info.kind == "boolean"), "value")
    yield ("success", "value", "result")


def _operators(word: Word) -> Iterable[_Candidate]:
    found = read_field(word.text)
    if isinstance(found, Misnamed):
        return
    kind = found.kind if isinstance(found, FieldInfo) else CONFIG
    yield from _each(((operator, "") for operator in OPERATORS_OF[kind]), "operator")
    yield from _each((("is", "is missing, is set"), ("not", "not in a list")), "keyword")


def _values(subject: QueryField, known: Known) -> Iterable[_Candidate]:
    if isinstance(subject, FieldInfo):
        yield from _each(((choice, "") for choice in subject.choices), "value")
        yield from _each(((word, "") for word in _EXAMPLES.get(subject.kind, ())), "value")
    yield from _each(((_written(value), "") for value in known.values.get(subject.name, ())), "value")


def _subject(before: Sequence[Word]) -> QueryField | None:
    """Return the field whose value is being written: the nearest one, with no joint between."""
    for word in reversed(before):
        if word.is_keyword("and", "or", "is"):
            return None
        if word.kind == "word" and not word.is_keyword("in", "not", "has"):
            found = read_field(word.text)
            if not isinstance(found, Misnamed):
                return found
    return None


def _is_field(before: Sequence[Word]) -> bool:
    """Whether the last word stands where a field does, and is one."""
    if not before or before[-1].kind != "word" or isinstance(read_field(before[-1].text), Misnamed):
        return False
    if len(before) == 1:
        return True
    ahead = before[-2]
    return ahead.is_keyword("and", "or", "not") or (ahead.kind == "mark" and ahead.text == "(")


def _written(value: str) -> str:
    words = split_words(value)
    is_plain = not isinstance(words, QueryFault) and len(words) == 2 and words[0].kind == "word"
    return value if is_plain else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
