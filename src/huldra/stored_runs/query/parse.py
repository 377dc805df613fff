"""From a query's text to its tree, or to the character at fault with the nearest right word. Pure."""

import difflib
import re
from collections.abc import Iterable
from datetime import datetime

from huldra.stored_runs.query.expressions import (
    All,
    AnyOf,
    Compare,
    Condition,
    IsMissing,
    Not,
    Operand,
    Operator,
    QueryFault,
    QueryField,
    Related,
)
from huldra.stored_runs.query.fields import FIELDS, FieldInfo
from huldra.stored_runs.query.operands import OPERATORS_OF, read_operand
from huldra.stored_runs.query.places import Misnamed, read_field
from huldra.stored_runs.query.words import Word, split_words

_DEEPEST = 60
_KEYWORDS = ("and", "or", "not", "in", "has", "is")
_RELATED = re.compile(r"(?:(?P<up>[0-9]*)(?P<plus>\+))?(?P<run>[^+\s]+?)(?:(?P<after>\+)(?P<down>[0-9]*))?")
_HAS_STEPS = re.compile(r"[^+]+\+[0-9]+|[0-9]+\+[^+]+(\+[0-9]*)?")


class _FaultError(Exception):
    def __init__(self, word: Word, message: str) -> None:
        super().__init__(message)
        self.word = word
        self.message = message


def parse_query(text: str, now: datetime) -> Condition | QueryFault:
    """Return what a query asks for; an empty one asks for every run.

    Args:
        text: The query.
        now: The present, aware: ages such as `2d` are counted back from it.
    """
    words = split_words(text)
    if isinstance(words, QueryFault):
        return words
    reader = _Reader(words, now)
    try:
        return reader.query()
    except _FaultError as fault:
        return QueryFault(text, fault.word.start, fault.word.end, fault.message)


class _Reader:
    """Reads words from left to right; every method reads one kind of thing."""

    def __init__(self, words: tuple[Word, ...], now: datetime) -> None:
        self._words = words
        self._now = now
        self._at = 0
        self._depth = 0

    @property
    def _next(self) -> Word:
        return self._words[self._at]

    def _take(self) -> Word:
        word = self._next
        self._at += word.kind != "end"
        return word

    def _is_mark(self, text: str) -> bool:
        return self._next.kind == "mark" and self._next.text == text

    def _expect(self, text: str, message: str) -> None:
        if not self._is_mark(text):
            raise _FaultError(self._next, message)
        self._take()

    def query(self) -> Condition:
        if self._next.kind == "end":
            return All(())
        found = self._any_of()
        word = self._next
        if word.kind == "end":
            return found
        if word.kind == "mark" and word.text == ")":
            raise _FaultError(word, "this closes a parenthesis that was not opened")
        if word.kind == "operator":
            raise _FaultError(word, "one comparison at a time: join two with and")
        raise _FaultError(word, f"expected and, or, or the end, found {word.text!r}{_hint(word.text, ('and', 'or'))}")

    def _any_of(self) -> Condition:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _FaultError(self._next, f"more than {_DEEPEST} levels of parentheses")
        parts = [self._all()]
        while self._next.is_keyword("or"):
            self._take()
            parts.append(self._all())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _all(self) -> Condition:
        parts = [self._negated()]
        while self._next.is_keyword("and"):
            self._take()
            parts.append(self._negated())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _negated(self) -> Condition:
        is_denied = False
        while self._next.is_keyword("not"):
            self._take()
            is_denied = not is_denied
        found = self._condition()
        return Not(found) if is_denied else found

    def _condition(self) -> Condition:
        word = self._take()
        if word.kind == "mark" and word.text == "(":
            found = self._any_of()
            self._expect(")", f"expected ), for the ( at character {word.start + 1}")
            return found
        if word.kind == "end":
            raise _FaultError(word, "the query ends where a condition should stand")
        if word.is_keyword("is"):
            return self._is(None)
        if _is_related(word):
            return _related(word)
        if word.kind != "word":
            raise _FaultError(word, "a condition begins with a field: class == Train, or is stale")
        return self._about(self._field(word), word)

    def _field(self, word: Word) -> QueryField:
        if word.is_keyword(*_KEYWORDS):
            raise _FaultError(word, f"expected a field, found {word.text!r}")
        found = read_field(word.text)
        if isinstance(found, Misnamed):
            is_value = self._next.kind == "operator" and _is_field(self._words[self._at + 1])
            message = "the field stands first, then what it is compared with" if is_value else found.message
            raise _FaultError(word, message)
        return found

    def _about(self, field: QueryField, word: Word) -> Condition:
        following = self._next
        if following.kind == "operator":
            self._take()
            return self._compared(field, following)
        if following.is_keyword("has"):
            self._take()
            return self._compared(field, following)
        if following.is_keyword("in"):
            self._take()
            return self._among(field, following)
        if following.is_keyword("not") and self._words[self._at + 1].is_keyword("in"):
            self._take()
            return Not(self._among(field, self._take()))
        if following.is_keyword("is"):
            self._take()
            return self._is(field)
        if isinstance(field, FieldInfo) and field.kind == "boolean":
            return _flag(field, value=True)
        example = f"{field.name} == ..., {field.name} is missing"
        raise _FaultError(word, f"{field.name} must be compared with something: {example}")

    def _compared(self, field: QueryField, operator: Word) -> Condition:
        name = _operator(field, operator)
        value = self._value(operator)
        operand = self._operand(field, value)
        if operand.is_null and isinstance(field, FieldInfo):
            missing = IsMissing(field)
            if name in ("==", "!="):
                return missing if name == "==" else Not(missing)
        if operand.period is not None and operand.period[0] == operand.period[1] and name in ("==", "!="):
            raise _FaultError(value, f"{value.text} ago is one moment: ask for what is after it (>) or before it (<)")
        return Compare(field, name, (operand,))

    def _among(self, field: QueryField, word: Word) -> Condition:
        _operator(field, word)
        self._expect("(", "after in stands a list: in (a, b)")
        operands = [self._operand(field, self._value(word))]
        while self._is_mark(","):
            self._take()
            if self._is_mark(")"):
                break
            operands.append(self._operand(field, self._value(word)))
        self._expect(")", "expected a comma or ) in the list")
        return Compare(field, "in", tuple(operands))

    def _value(self, operator: Word) -> Word:
        word = self._take()
        if word.kind not in ("word", "quoted"):
            raise _FaultError(word, f"expected a value after {operator.text}")
        if word.kind == "word" and word.text.startswith("config."):
            raise _FaultError(word, "a field can be compared with a value only; put text in quotes")
        return word

    def _operand(self, field: QueryField, word: Word) -> Operand:
        found = read_operand(field, word.text, is_quoted=word.kind == "quoted", now=self._now)
        if isinstance(found, str):
            raise _FaultError(word, found)
        if found.period is not None and self._next.is_keyword("ago"):
            self._take()
        return found

    def _is(self, field: QueryField | None) -> Condition:
        is_denied = self._next.is_keyword("not")
        if is_denied:
            self._take()
        word = self._take()
        if word.kind != "word":
            raise _FaultError(word, "expected a word after is: is stale, config.lr is missing")
        found = _state(field, word)
        return Not(found) if is_denied else found


def _state(field: QueryField | None, word: Word) -> Condition:
    """Return what `is WORD` says: of a field whether it is there, of a run its verdict or a yes-or-no field."""
    text = word.text.lower()
    if field is not None:
        if text in ("missing", "null", "none"):
            return IsMissing(field)
        if text == "set":
            return Not(IsMissing(field))
        if text in ("true", "false") and isinstance(field, FieldInfo) and field.kind == "boolean":
            return _flag(field, value=text == "true")
        raise _FaultError(word, f"a field is missing, or is set; to compare it write {field.name} == {word.text}")
    flags = {name: info for name, info in FIELDS.items() if info.kind == "boolean"}
    for info in (FIELDS["verdict"], FIELDS["result"]):
        if text in info.choices:
            return Compare(info, "==", (Operand(text, is_quoted=False),))
    if text in flags:
        return _flag(flags[text], value=True)
    known = (*FIELDS["verdict"].choices, *flags, *FIELDS["result"].choices)
    raise _FaultError(word, f"a run is not {word.text!r}{_hint(text, known) or ': it is stale, failed, dirty, ...'}")


def _flag(info: FieldInfo, *, value: bool) -> Compare:
    return Compare(info, "==", (Operand(str(value).lower(), is_quoted=False, boolean=value),))


def _operator(field: QueryField, word: Word) -> Operator:
    kind = field.kind if isinstance(field, FieldInfo) else "config"
    known = OPERATORS_OF[kind]
    for operator in known:
        if operator == word.text.lower():
            return operator
    raise _FaultError(word, f"{field.name} has no {word.text}: it has {' '.join(known)}")


def _is_related(word: Word) -> bool:
    text = word.text
    if word.kind != "word":
        return False
    return "+" in (text[:1], text[-1:]) or _HAS_STEPS.fullmatch(text) is not None


def _related(word: Word) -> Related:
    found = _RELATED.fullmatch(word.text)
    if found is None:
        raise _FaultError(word, "expected +RUN, RUN+ or RUN+2")
    return Related(found["run"], _steps(found["plus"], found["up"]), _steps(found["after"], found["down"]))


def _steps(plus: str | None, digits: str | None) -> int | None:
    """Return how far to go: not at all without a plus, as far as it goes without digits."""
    return 0 if not plus else int(digits[:6]) if digits else None


def _is_field(word: Word) -> bool:
    return word.kind == "word" and not isinstance(read_field(word.text), Misnamed)


def _hint(text: str, known: Iterable[str]) -> str:
    nearest = difflib.get_close_matches(text.lower(), tuple(known), 1)
    return f"; did you mean {nearest[0]}?" if nearest else ""
