"""The texts that names stand for of which the name of a file is put together: `DIR / f"{name}{EXT}"`."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from msgspec.structs import replace

from huldra.facts import expressions as e
from huldra.facts import statements as s
from huldra.facts.bound_by import bound_by
from huldra.facts.walk import walk
from huldra.fingerprints.mentions import Mention, SaidText
from huldra.fingerprints.name_patterns import is_template, text_of

Said = Callable[[e.Node], str | None]
_RECEIVERS = frozenset({"self", "cls"})


class SaidTexts:
    """The texts that the names in some parts of a definition stand for.

    Args:
        parts: The parts.
        mentions: What they read by name.
        text_of: Says which text such a name stands for.
    """

    def __init__(
        self,
        parts: Iterable[e.Node | None],
        mentions: Iterable[Mention] = (),
        text_of: Callable[[Mention], SaidText | None] = lambda _: None,
    ) -> None:
        self._parts = parts
        self._mentions = mentions
        self._text_of = text_of

    def text(self, node: e.Node) -> str | None:
        """Return the text that a name stands for; None of any other, and where several may be meant."""
        found = self._said(node)
        return None if found is None else found.text

    def settled(self, node: e.Node) -> str | None:
        """Return the same where nothing is in sight by which it may be another."""
        found = self._said(node)
        return found.text if found is not None and found.is_settled else None

    def _said(self, node: e.Node) -> SaidText | None:
        if not isinstance(node, e.Name | e.Attribute):
            return None
        first, *rest = (e.dotted_name(node) or "").split(".")
        if not rest and first in self._local:
            return self._local[first]
        own = "self" if rest and first in _RECEIVERS else first
        mention = self._by_place.get((node.at, (own, *rest)))
        return None if mention is None else self._text_of(mention)

    @cached_property
    def _by_place(self) -> Mapping[tuple[e.Span, tuple[str, ...]], Mention]:
        """What is read, by where and how: all names of one f-string stand where that does."""
        return {(mention.at, tuple(mention.spelling.split("."))): mention for mention in self._mentions}

    @cached_property
    def _local(self) -> Mapping[str, SaidText | None]:
        """The names that are bound here, with the text of those that are given but one: a default, or what is assigned.

        A caller may give a parameter another text, which is then one that code hands on.
        """
        found: dict[str, list[SaidText | None]] = {}
        for node in (inner for part in self._parts if part is not None for inner in walk(part)):
            match node:
                case e.Parameter(name=name, default=default):
                    text = None if default is None else text_of(default)
                    found.setdefault(name, []).append(None if text is None else SaidText(text))
                case s.Assign(targets=(e.Name(id=name),), value=value):
                    text = text_of(value)
                    found.setdefault(name, []).append(None if text is None else SaidText(text, is_settled=True))
                case _:
                    for name in bound_by(node):
                        found.setdefault(name, []).append(None)
        return {name: texts[0] if len(texts) == 1 else None for name, texts in found.items()}


def with_texts(node: e.Expression, said: Said) -> e.Expression:
    """Return what a name is put together from with the texts themselves in it; the very same where none is known."""
    match node:
        case e.Name(at=at) | e.Attribute(at=at):
            text = said(node)
            return node if text is None else e.Literal(repr(text), at)
        case e.Binary(operator="%", left=template, right=e.TupleDisplay(items=values)) if is_template(node):
            return _filled(text_of(template), "%s", values, said) or node
        case e.Call(function=e.Attribute(value=template), arguments=arguments) if is_template(node):
            plain = all(argument.name is None and not argument.star for argument in arguments)
            values = tuple(argument.value for argument in arguments)
            return (_filled(text_of(template), "{}", values, said) if plain else None) or node
        case e.Binary(left=left, right=right):
            sides = with_texts(left, said), with_texts(right, said)
            is_same = sides[0] is left and sides[1] is right
            return node if is_same else _whole(replace(node, left=sides[0], right=sides[1]))
        case e.FormattedString(parts=parts):
            return _in_string(node, parts, said)
        case e.Call(function=e.Name() | e.Attribute(), arguments=arguments):
            values = tuple(with_texts(argument.value, said) for argument in arguments)
            if all(new is old.value for new, old in zip(values, arguments, strict=True)):
                return node
            given = (replace(old, value=new) for new, old in zip(values, arguments, strict=True))
            return replace(node, arguments=tuple(given))
        case _:
            return node


def _filled(template: str | None, field: str, values: tuple[e.Expression, ...], said: Said) -> e.Expression | None:
    """Return what a text with values in it is put together from; None where no value is known."""
    between = (template or "").split(field)
    known = [with_texts(value, said) for value in values]
    if len(between) != len(known) + 1 or all(new is old for new, old in zip(known, values, strict=True)):
        return None
    found: e.Expression = e.Literal(repr(between[0]), values[0].at)
    for value, text in zip(known, between[1:], strict=True):
        found = e.Binary("+", e.Binary("+", found, value, value.at), e.Literal(repr(text), value.at), value.at)
    return _whole(found)


def _whole(node: e.Expression) -> e.Expression:
    """Return a text that is known altogether as one."""
    match node:
        case e.Binary(operator="+", left=left, right=right):
            texts = [text_of(_whole(each)) for each in (left, right)]
        case e.FormattedString(parts=parts):
            texts = [text_of(each) for each in parts]
        case _:
            return node
    known = [text for text in texts if text is not None]
    return e.Literal(repr("".join(known)), node.at) if len(known) == len(texts) else node


def _in_string(node: e.FormattedString, parts: tuple[e.Literal | e.Interpolation, ...], said: Said) -> e.Expression:
    found = tuple(_said_in(part, said) for part in parts)
    return (
        node if all(new is old for new, old in zip(found, parts, strict=True)) else _whole(replace(node, parts=found))
    )


def _said_in(part: e.Literal | e.Interpolation, said: Said) -> e.Literal | e.Interpolation:
    match part:
        case e.Interpolation(value=value, conversion="" | "s", spec=None, debug=""):
            text = with_texts(value, said)
            return text if isinstance(text, e.Literal) and text is not value else part
        case _:
            return part
