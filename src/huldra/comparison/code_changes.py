"""What differs between two closures: definitions are paired by where they are reached from, not by their names.

So a helper that moved, or that goes by another name, is compared with what it was; nothing here reads code.
"""

from collections import deque
from collections.abc import Container, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from huldra.comparison.change_fingerprints import Side
from huldra.comparison.entries_read import EntriesRead
from huldra.comparison.registered import paired_registrations
from huldra.fingerprints.model import (
    ALL_OF,
    ANY_ASKED,
    ANY_OF,
    ASKED_NAME,
    BY_VALUE,
    DECORATORS,
    EFFECT,
    FILLED,
    FLOWING,
    LISTED,
    MEMBER,
    NAMED_FILE,
    PROGRAM,
    REGISTERED,
    SET_BY_IMPORT,
    Closure,
    Definition,
    Reference,
    names_read,
)


class CodeChange(Struct, frozen=True):
    """A definition that no longer is what it was.

    Attributes:
        then: The definition as the run was made with it; None when it is new.
        now: The definition today; None when it is gone.
        chain: The names that lead to it, from the method that is called to the definition itself.
        message: What changed, in words.
        is_certain: False when only the name of an attribute leads there.
        class_name: The experiment class, as it is called today, whose method is called.
        then_fingerprint: Names the definition then, with all that only this change takes away; see `Side`.
        now_fingerprint: Names the definition now, with all that only this change brings in.
    """

    then: Definition | None
    now: Definition | None
    chain: tuple[str, ...]
    message: str
    is_certain: bool
    class_name: str = ""
    then_fingerprint: str = ""
    now_fingerprint: str = ""

    @property
    def definition(self) -> str:
        """The name that the definition has today, or had."""
        known = self.now or self.then
        return "" if known is None else known.name

    @property
    def kind(self) -> str:
        """The kind that the definition is of today, or was."""
        known = self.now or self.then
        return "" if known is None else known.kind


class _Pair(Struct, frozen=True):
    then: int
    now: int
    chain: tuple[str, ...]
    is_certain: bool


def code_changes(
    then: Closure, now: Closure, values: Container[str] = (), *, is_partial: bool = False
) -> tuple[CodeChange, ...]:
    """Return the definitions that changed, those nearest to the method that is called first.

    Args:
        then: What a call reached.
        now: What it reaches now.
        values: The values by which code is loaded: what others would load does not count.
        is_partial: It is not known of all files then what they held, so that what is new in a table may be old.
    """
    return _Comparison(then, now, values, is_partial=is_partial).changes()


def loading_values(closure: Closure) -> frozenset[str]:
    """Return the values by which code may be loaded."""
    references = (reference for definition in closure.definitions for reference in definition.references)
    return frozenset(filter(None, map(_loading_value, references)))


def _loading_value(reference: Reference) -> str:
    """Return the value by which a reference leads to code; "" for one that every run follows."""
    spelling = reference.spelling
    return spelling.removeprefix(BY_VALUE).partition(" ")[0] if spelling.startswith(BY_VALUE) else ""


class _Comparison:
    """A walk through two closures in step, breadth first, so that chains are shortest and certain ways come first."""

    def __init__(self, then: Closure, now: Closure, values: Container[str], *, is_partial: bool) -> None:
        self._values = values
        self._is_partial = is_partial
        self._then = then
        self._now = now
        self._entries = EntriesRead(then, now)
        self._seen: set[tuple[int, int]] = set()
        self._certain: deque[_Pair] = deque([_Pair(0, 0, (), is_certain=True)])
        self._likely: deque[_Pair] = deque()
        self._changes: dict[tuple[str, str], CodeChange] = {}
        self._places: dict[tuple[str, str], list[tuple[int | None, int | None]]] = {}
        self._renamed: list[tuple[_Pair, frozenset[str]]] = []
        self._asks_names = any(_is_asked(closure.root, ANY_ASKED) for closure in (then, now))

    def changes(self) -> tuple[CodeChange, ...]:
        """Walk, and return what was found."""
        while self._certain or self._likely:
            pair = self._certain.popleft() if self._certain else self._likely.popleft()
            if (pair.then, pair.now) not in self._seen:
                self._seen.add((pair.then, pair.now))
                self._compare(pair)
        for pair, names in self._renamed:
            if names & self._passed_to(pair):
                self._add(pair, "a parameter that callers name was renamed")
        classes = {change.definition for change in self._changes.values() if change.kind == "class"}
        told = {
            key: change
            for key, change in self._changes.items()
            if change.kind != "value" or change.definition.rpartition(".")[0] not in classes
        }
        return self._named(told)

    def _named(self, told: Mapping[tuple[str, str], CodeChange]) -> tuple[CodeChange, ...]:
        """Return changes with what names their two sides; those that are not told of belong to those that are."""
        untold = [place for key, places in self._places.items() if key not in told for place in places]
        then_side, now_side = (
            Side(
                closure,
                {pair[side] for pair in self._seen} - {place[side] for place in untold},
                {index for key in told for place in self._places[key] if (index := place[side]) is not None},
            )
            for side, closure in enumerate((self._then, self._now))
        )
        return tuple(
            replace(
                change,
                class_name=self._now.root.name,
                then_fingerprint=then_side.fingerprint(then for then, _ in self._places[key]),
                now_fingerprint=now_side.fingerprint(now for _, now in self._places[key]),
            )
            for key, change in told.items()
        )

    def _compare(self, pair: _Pair) -> None:
        then, now = self._then.definitions[pair.then], self._now.definitions[pair.now]
        if now.kind == "instance" and then.kind == "instance":
            self._compare_members(pair, then, now)
            return
        if last_name(then) != last_name(now) and any(_is_asked(each, ASKED_NAME) for each in (then, now)):
            self._add(pair, f"{then.name} is {now.name} now, and something reads its name", is_certain=False)
        read = self._entries.of(pair.then, pair.now)
        if read.is_changed:
            self._add(pair, _changed(then, now))
            self._follow_by_spelling(pair, then, now)
            return
        if then.parameters != now.parameters:
            self._renamed.append((pair, _differing(then.parameters, now.parameters)))
        ours = dict(read.now)
        for place, reference in read.then.items():
            self._compare_reference(pair, reference, ours.pop(place, None))
        for reference in ours.values():
            self._compare_reference(pair, None, reference)
        self._follow_instances(pair, then, now)

    def _compare_reference(self, pair: _Pair, then: Reference | None, now: Reference | None) -> None:
        """Two readings at the same place of two equal forms."""
        if then is None or now is None:
            known = then or now
            if known is not None and isinstance(known.target, int):
                self._add(pair, f"{known.spelling} no longer leads where it led")
            return
        if isinstance(then.target, int) and isinstance(now.target, int):
            if then.rest == now.rest and self._is_same_thing(then.target, now.target):
                self._enqueue(pair, then.target, now.target, is_certain=then.is_certain and now.is_certain)
                is_called = now.is_called and self._now.definitions[now.target].kind != "class"
                if self._asks_names and not is_called and self._is_renamed(then.target, now.target):
                    self._add(pair, f"{self._redirected(then, now)}, and something reads names", is_certain=False)
            else:
                self._add(pair, self._redirected(then, now))
        elif (then.target, then.rest) != (now.target, now.rest):
            self._add(pair, self._redirected(then, now))

    def _redirected(self, then: Reference, now: Reference) -> str:
        if then.spelling != now.spelling:
            return f"it reads {now.spelling} where it read {then.spelling}"
        before, after = _target_name(self._then, then), _target_name(self._now, now)
        return f"{now.spelling} means {after}, and meant {before}"

    def _is_renamed(self, then: int, now: int) -> bool:
        theirs, ours = self._then.definitions[then], self._now.definitions[now]
        return ours.kind in {"function", "method", "class"} and last_name(theirs) != last_name(ours)

    def _is_same_thing(self, then: int, now: int) -> bool:
        """Whether two definitions may be compared as one: the same name, or the same meaning under another name."""
        ours, theirs = self._now.definitions[now], self._then.definitions[then]
        return last_name(ours) == last_name(theirs) or ours.form == theirs.form

    def _follow_by_spelling(self, pair: _Pair, then: Definition, now: Definition) -> None:
        """Go on below a definition that changed: what it still reads by the same name may have changed as well."""
        for before, after in _spelled_alike(then, now):
            if isinstance(before.target, int) and isinstance(after.target, int):
                self._enqueue(pair, before.target, after.target, is_certain=before.is_certain and after.is_certain)
        self._follow_instances(pair, then, now)

    def _follow_instances(self, pair: _Pair, then: Definition, now: Definition) -> None:
        """Follow what stands beside a definition: the members of a class that are read, what a table is filled with."""
        self._follow_registered(pair, then, now)
        before = {r.spelling: r for r in then.references if r.slot < 0 and self._counts(r)}
        listed, listed_now = frozenset(before), frozenset(r.spelling for r in now.references if r.slot < 0)
        for after in filter(self._counts, now.references):
            known = before.pop(after.spelling, None) if after.slot < 0 else None
            if known is not None and isinstance(known.target, int) and isinstance(after.target, int):
                certain = known.is_certain and after.is_certain
                self._enqueue(pair, known.target, after.target, is_certain=certain)
            elif after.slot < 0 and after.spelling.startswith(SET_BY_IMPORT):
                self._add_member(pair, self._now, after, "is set anew by another module")
            elif after.slot < 0 and (self._is_all_of(after.spelling) or f"{LISTED}{_pattern_of(after)}" in listed):
                self._add_member(pair, self._now, after, "is new")
        for gone in before.values():
            if gone.spelling.startswith(SET_BY_IMPORT):
                self._add_member(pair, self._then, gone, "is not set anew by another module any more")
            elif (pattern := _pattern_of(gone)) and f"{LISTED}{pattern}" not in listed_now:
                continue  # what there is today cannot be told
            elif gone.spelling.startswith((MEMBER, ALL_OF, ANY_OF, NAMED_FILE, PROGRAM, BY_VALUE)):
                self._add_member(pair, self._then, gone, "is gone, or not named any more")

    def _follow_registered(self, pair: _Pair, then: Definition, now: Definition) -> None:
        """Follow what comes into a table from afar; what is new counts if it is found by what looked there before."""
        found = paired_registrations(self._then, then, self._now, now)
        for before, after in found.pairs:
            self._enqueue(pair, before, after, is_certain=False)
        for gone in found.gone:
            self._add_member(pair, self._then, gone, "is not registered any more")
        for new in () if self._is_partial else found.new:
            self._add_member(pair, self._now, new, f"is new in {now.name}")
        if found.is_reordered:
            self._add(pair, f"{now.name} is filled in another order", is_certain=False)

    def _counts(self, reference: Reference) -> bool:
        if reference.spelling.startswith((REGISTERED, FILLED)):
            return False
        value = _loading_value(reference)
        return not value or value in self._values

    def _compare_members(self, pair: _Pair, then: Definition, now: Definition) -> None:
        before, after = _by_spelling(then), _by_spelling(now)
        self._follow_renamed(pair, before, after)
        for name in sorted(before.keys() | after.keys()):
            old, new = before.get(name), after.get(name)
            if old is not None and new is not None:
                if isinstance(old.target, int) and isinstance(new.target, int):
                    certain = old.is_certain and new.is_certain
                    self._enqueue(pair, old.target, new.target, is_certain=certain)
            elif old is not None and (self._is_missed(name) or self._is_called_back(name, self._then)):
                self._add_member(pair, self._then, old, "is gone")
            elif new is not None and (self._is_found(name) or self._is_called_back(name, self._now)):
                self._add_member(pair, self._now, new, "is new")

    def _follow_renamed(self, pair: _Pair, before: dict[str, Reference], after: dict[str, Reference]) -> None:
        """Pair classes whose instances a result may hold and that have other names now; take them out of the rest."""
        gone, new = (
            sorted(name for name in ours.keys() - theirs.keys() if name.startswith(FLOWING))
            for ours, theirs in ((before, after), (after, before))
        )
        for old, name in zip(gone, new, strict=True) if len(gone) == len(new) else ():
            known, found = before.pop(old), after.pop(name)
            if isinstance(known.target, int) and isinstance(found.target, int):
                self._enqueue(pair, known.target, found.target, is_certain=False)

    def _is_missed(self, name: str) -> bool:
        return self._is_read(name, self._now) or name.startswith((ALL_OF, ANY_OF))

    def _is_found(self, name: str) -> bool:
        return self._is_read(name, self._then) or self._is_all_of(name)

    def _is_all_of(self, spelling: str) -> bool:
        return spelling.startswith(ALL_OF) and not self._is_partial

    @staticmethod
    def _is_read(name: str, closure: Closure) -> bool:
        is_special = name.startswith("__") and name.endswith("__")
        known = closure.attributes
        return is_special or bool(names_read({name}, known)) or name.startswith((DECORATORS, EFFECT, SET_BY_IMPORT))

    def _is_called_back(self, name: str, closure: Closure) -> bool:
        """Whether a member of a closure is there for what code outside the project may call, since nothing names it."""
        return name.isidentifier() and not self._is_read(name, closure)

    def _add_member(self, pair: _Pair, closure: Closure, reference: Reference, what: str) -> None:
        if isinstance(reference.target, int):
            found = closure.definitions[reference.target]
            then, now = (found, None) if closure is self._then else (None, found)
            chain = (*pair.chain, found.name)
            certain = pair.is_certain and reference.is_certain
            change = CodeChange(then, now, chain, f"{found.name} {what}", certain)
            place = (reference.target, None) if now is None else (None, reference.target)
            self._write_down((found.name, found.name), change, place)

    def _enqueue(self, pair: _Pair, then: int, now: int, *, is_certain: bool) -> None:
        name = self._now.definitions[now]
        chain = pair.chain if name.kind == "instance" else (*pair.chain, name.name)
        certain = pair.is_certain and is_certain
        (self._certain if certain else self._likely).append(_Pair(then, now, chain, certain))

    def _add(self, pair: _Pair, message: str, *, is_certain: bool = True) -> None:
        then, now = self._then.definitions[pair.then], self._now.definitions[pair.now]
        change = CodeChange(then, now, pair.chain, message, pair.is_certain and is_certain)
        self._write_down((then.name, now.name), change, (pair.then, pair.now))

    def _write_down(self, key: tuple[str, str], change: CodeChange, place: tuple[int | None, int | None]) -> None:
        """The first that is found of a definition is told; what names it covers all."""
        self._changes.setdefault(key, change)
        self._places.setdefault(key, []).append(place)

    def _passed_to(self, pair: _Pair) -> frozenset[str]:
        """Return the names by which a definition may be passed arguments; where each call is known, those alone."""
        found: set[str] = set()
        for closure, index in ((self._then, pair.then), (self._now, pair.now)):
            references = [r for d in closure.definitions for r in d.references if r.target == index]
            for reference in references:
                if reference.passed is None:
                    return self._passed_names()
                found.update(reference.passed)
            found.update(closure.definitions[index].parameters if "**" in found else ())
        return frozenset(found)

    def _passed_names(self) -> frozenset[str]:
        """Return the names by which any call of either closure passes arguments."""
        found = {name for closure in (self._then, self._now) for d in closure.definitions for name in d.keywords}
        if "**" in found:
            found.update(name for d in (*self._then.definitions, *self._now.definitions) for name in d.parameters)
        return frozenset(found)


def _is_asked(definition: Definition, spelling: str) -> bool:
    return any(reference.spelling == spelling for reference in definition.references)


def _differing(then: tuple[str, ...], now: tuple[str, ...]) -> frozenset[str]:
    """Return the parameters that do not stand where they stood."""
    return frozenset(name for _, name in frozenset(enumerate(then)) ^ frozenset(enumerate(now)))


def _target_name(closure: Closure, reference: Reference) -> str:
    target = reference.target
    name = target if isinstance(target, str) else closure.definitions[target].name
    return f"{name}.{reference.rest}" if reference.rest else name


def _pattern_of(reference: Reference) -> str:
    """Return the name with wildcards that has found a file; "" of another reference."""
    text, _, name = reference.spelling.removeprefix(NAMED_FILE).partition(" ")
    return text if name and reference.spelling.startswith(NAMED_FILE) else ""


def _by_spelling(definition: Definition) -> dict[str, Reference]:
    return {reference.spelling: reference for reference in reversed(definition.references)}


def _spelled_alike(then: Definition, now: Definition) -> Iterator[tuple[Reference, Reference]]:
    """Pair the references of a changed definition: by spelling, each pair of targets once."""
    after: dict[tuple[str, str], Reference] = {}
    for reference in now.references:
        after.setdefault((reference.spelling, reference.label), reference)
    seen: set[tuple[str, str]] = set()
    for reference in then.references:
        key = (reference.spelling, reference.label)
        if reference.slot >= 0 and key in after and key not in seen:
            seen.add(key)
            yield reference, after[key]


def last_name(definition: Definition) -> str:
    """Return the last part of a definition's name."""
    return definition.name.rpartition(".")[2]


def _changed(then: Definition, now: Definition) -> str:
    if then.name == now.name:
        return f"{now.name} changed"
    return f"{then.name}, now {now.name}, changed"
