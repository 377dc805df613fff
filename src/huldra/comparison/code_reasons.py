"""Whether today's code still does what the code of a run did: asked once for all runs of one class, shape and state."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from huldra.comparison.code_by_value import NO_CODE_BY_VALUE, CodeByValue, code_by_value
from huldra.comparison.code_changes import CodeChange, code_changes
from huldra.comparison.files_by_value import NOTHING_BY_VALUE, ByValue, FilesByValue
from huldra.comparison.heirs import broken_home, last_names, missing_class
from huldra.comparison.model import Note, Reason
from huldra.comparison.run_holdings import HOLDS_NOTHING, held_configs
from huldra.comparison.value_patterns import own_texts
from huldra.fingerprints.holdings import Holdings
from huldra.fingerprints.model import COMPILED, LOST, Closure, Definition
from huldra.fingerprints.states import CodeState
from huldra.formats.config_documents import value_document
from huldra.formats.config_values import ConfigValue
from huldra.formats.json_values import dump_json
from huldra.formats.names import short_name
from huldra.project.link import Project
from huldra.project.places import Place
from huldra.stored_runs.model import StoredRun


class NoCode(Struct, frozen=True):
    """Why the code that a run was made with cannot be had, and the way out."""

    message: str


class History(Protocol):
    """Knows the code that runs were made with."""

    def __call__(self, run: StoredRun) -> CodeState | NoCode:
        """Return the code of a run, or why it cannot be had."""
        ...

    def is_of_elsewhere(self, run: StoredRun) -> bool:
        """Return whether a run was made at a commit that is none of the project's."""
        ...


PackagesChanged = Callable[[StoredRun], tuple[str, ...]]
"""Says which packages have another version than those a run was made with, in words."""


class BesideChanges(Struct, frozen=True):
    """What is told of code beside the project that a run's code imports: how it differs now, and where nobody knows."""

    changed: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class Beside(Protocol):
    """Knows the code beside the project that is installed from where it lies: compared as a whole, not followed."""

    @property
    def names(self) -> frozenset[str]:
        """The top-level names that it is imported by."""
        ...

    def __call__(self, run: StoredRun, names: Iterable[str]) -> BesideChanges:
        """Return what is told of that which a run's code imports by some of these names."""
        ...


class _NothingBeside:
    names: frozenset[str] = frozenset()

    def __call__(self, run: StoredRun, names: Iterable[str]) -> BesideChanges:  # noqa: ARG002  # there is nothing
        return BesideChanges()


NOTHING_BESIDE: Beside = _NothingBeside()

IsAccepted = Callable[[str, CodeChange], bool]
"""Says whether somebody has written down that a change does not matter to the runs of a class."""


class CodeFindings(Struct, frozen=True):
    """What comparing the code of a run with today's gave.

    Attributes:
        reasons: What changed, nearest first.
        notes: What changed and does not matter, and what could not be followed.
        is_open: Something could not be followed, so that a verdict is no more than likely.
        unknown: Why there was nothing to compare.
        beside: By which names it imports code beside the project.
    """

    reasons: tuple[Reason, ...] = ()
    notes: tuple[Note, ...] = ()
    is_open: bool = False
    unknown: Reason | None = None
    beside: frozenset[str] = frozenset()


class CodeJudge:
    """Compares the code of runs with today's.

    Args:
        project: Today's classes.
        now: Today's code.
        history: The code of each run.
        is_accepted: The changes that do not matter.
        packages_changed: The packages that have changed since each run.
        beside: The code beside the project.
    """

    def __init__(
        self,
        project: Project,
        now: CodeState,
        history: History,
        is_accepted: IsAccepted,
        packages_changed: PackagesChanged = lambda _: (),
        beside: Beside = NOTHING_BESIDE,
    ) -> None:
        self._project = project
        self._beside = beside
        self._now = now
        self._history = history
        self._is_accepted = is_accepted
        self._packages_changed = packages_changed
        self._found: dict[tuple[str, str, str, Holdings, Holdings, frozenset[str]], CodeFindings] = {}
        self._loaded: dict[tuple[str, str, str, Holdings], CodeByValue] = {}
        self._defaults: dict[tuple[str, str, str], tuple[str, ...]] = {}
        self._heirs: dict[tuple[str, frozenset[str]], str | None] = {}
        self._by_value: dict[tuple[str, str, str, Holdings], FilesByValue | None] = {}

    def findings(self, run: StoredRun) -> CodeFindings:
        """Return what differs between the code of a run and today's; nothing if its class has no heir."""
        class_now = self._heir(run, run.class_name, run.config)
        if class_now is None:
            return CodeFindings()
        then = self._history(run)
        if isinstance(then, NoCode):
            return CodeFindings(unknown=Reason("code-unknown", then.message, run.class_name))
        held = HOLDS_NOTHING if run.config is None else held_configs(run.config)
        by_value = self._by_value_of(run, class_now, then, held.then())
        own = self._own_texts(run, by_value)
        named, values = by_value.named(own, self._project.modules), by_value.meant(own)
        before = held.then(named)
        after = held.now(lambda config: self._heir(run, config.class_name, config), named)
        key = (then.identity, run.class_name, class_now, before, after, values)
        if key not in self._found:
            self._found[key] = self._compared(run, class_now, then, before, after, values)
        found = self._found[key]
        named = self._named_by_values(run, class_now, then, before)
        notes = (*found.notes, *self._default_notes(run, class_now, then), *self._value_notes(class_now, named))
        notes = (*notes, *(Note("packages-changed", message) for message in self._packages_changed(run)))
        if run.config is None:
            notes = (*notes, Note("code-not-followed", "its config was not recorded, so what it holds is not known"))
        changes = (change for change in named.changes if not self._is_accepted(class_now, change))
        reasons = (*found.reasons, *(_reason(change, then) for change in changes))
        is_open = found.is_open or run.config is None or bool(named.doubts)
        found = CodeFindings(reasons, notes, is_open, found.unknown, found.beside)
        return self._with_beside(run, found) if found.beside else found

    def _with_beside(self, run: StoredRun, found: CodeFindings) -> CodeFindings:
        """Return what was found, and what is told of code beside the project: that it differs, not what that does."""
        told = self._beside(run, found.beside)
        notes = (*found.notes, *(Note("code-not-followed", doubt) for doubt in told.doubts))
        unknown = found.unknown
        if told.changed and unknown is None:
            unknown = Reason("code-unknown", told.changed[0], run.class_name)
        return replace(found, notes=notes, is_open=found.is_open or bool(told.doubts), unknown=unknown)

    def standing(self, run: StoredRun) -> tuple[str, ...] | None:
        """Return what findings about a run follow from, but for its class and the shape of its config.

        None where they also follow from the values in it, or from what lies beside the project.
        """
        if self._beside.names:
            return None
        then = self._history(run)
        changed = self._packages_changed(run)
        if isinstance(then, NoCode):
            return ("", then.message, *changed)
        name = run.class_name
        if name in self._project.classes and self._changed_defaults(name, name, then):
            return None
        nothing = HOLDS_NOTHING.then()
        if self._named_by_values(run, name, then, nothing) is not NOTHING_BY_VALUE:
            return None
        by_value = self._by_value_of(run, name, then, nothing)
        if by_value.values or by_value.named(self._own_texts(run, by_value), self._project.modules):
            return None
        return (then.identity, *changed)

    def is_outside(self, run: StoredRun, name: str) -> bool:
        """Return whether a class is of a package that neither the code of a run nor today's has: an installed one, say.

        Where the code of the run is not known, or not all of it, it is taken for the project's, unless it was made at
        a commit of another repository: several projects may share a store.
        """
        top = name.partition(".")[0]
        if self._project.modules.has(top):
            return False
        # A commit may also be gone since, as after a rebase; then a class of that name is what became of it.
        if self._history.is_of_elsewhere(run) and short_name(name) not in self._names:
            return True
        then = self._history(run)
        return not isinstance(then, NoCode) and not then.doubts and top not in then.top_level

    @cached_property
    def _names(self) -> frozenset[str]:
        return last_names(self._project)

    def _heir(self, run: StoredRun, name: str, config: ConfigValue | None) -> str | None:
        """Return the class that stands for a recorded one today."""
        if name in self._project.classes:
            return name
        if self.is_outside(run, name):
            return None
        fields = frozenset(() if config is None else (field for field, _ in config.fields))
        if (name, fields) not in self._heirs:
            reason = missing_class(self._project, name, config, "")
            self._heirs[name, fields] = None if reason.code == "class-missing" else reason.definition
        return self._heirs[name, fields]

    def _compared(
        self,
        run: StoredRun,
        class_now: str,
        then: CodeState,
        held_then: Holdings,
        held_now: Holdings,
        values: frozenset[str],
    ) -> CodeFindings:
        info = self._project.experiment(class_now)
        if info is None or info.dialect is None:
            return CodeFindings()
        create, load = (info.dialect.create_method,), (info.dialect.restore_method, info.dialect.validate_method)
        before = then.closure(run.class_name, create, held_then)
        after = self._now.closure(class_now, create, held_now)
        if before is None or after is None:
            message = f"{run.class_name} is not in the code that was recorded with the run"
            return CodeFindings(unknown=Reason("code-unknown", message, run.class_name))
        gone = held_then.classes.keys() - held_now.classes.keys()
        unread = tuple(f"{label}." for label in gone if broken_home(self._project, held_then.classes[label]))
        found = code_changes(before, after, values, is_partial=bool(then.doubts))
        changes = tuple(change for change in found if not _is_lost(change, before, after, unread))
        broken = [f"{file} cannot be parsed, and the code of the run reaches into it" for file in after.damaged]
        unknown = Reason("cannot-be-parsed", broken[0], run.class_name) if broken else None
        reasons = tuple(_reason(change, then) for change in changes if not self._is_accepted(class_now, change))
        accepted = tuple(_accepted(change) for change in changes if self._is_accepted(class_now, change))
        doubts = tuple(_doubt_notes(then, before, after))
        loads = then.closure(run.class_name, load, held_then), self._now.closure(class_now, load, held_now)
        known = {change.definition for change in changes}
        notes = (*accepted, *_load_notes(*loads, known), *doubts)
        names = self._beside.names
        beside = frozenset(each for closure in (before, after) for each in _imported_from(closure, names))
        return CodeFindings(reasons, notes, bool(doubts), unknown, beside)

    def _by_value_of(self, run: StoredRun, class_now: str, then: CodeState, held: Holdings) -> CodeByValue:
        """Return what the code of a run may load by values."""
        key = (then.identity, run.class_name, class_now, held)
        if key not in self._loaded:
            closure = self._closure_then(run, class_now, then, held)
            self._loaded[key] = NO_CODE_BY_VALUE if closure is None else code_by_value(closure)
        return self._loaded[key]

    def _own_texts(self, run: StoredRun, by_value: CodeByValue) -> frozenset[str]:
        if by_value is NO_CODE_BY_VALUE:
            return frozenset()
        return own_texts(run.config_document, self._is_experiment)

    def _closure_then(self, run: StoredRun, class_now: str, then: CodeState, held: Holdings) -> Closure | None:
        info = self._project.experiment(class_now)
        if info is None or info.dialect is None:
            return None
        return then.closure(run.class_name, (info.dialect.create_method,), held)

    def _named_by_values(self, run: StoredRun, class_now: str, then: CodeState, held: Holdings) -> ByValue:
        """Return what is told of the files that a run names by the values of its config."""
        key = (then.identity, run.class_name, class_now, held)
        if key not in self._by_value:
            closure = self._closure_then(run, class_now, then, held)
            info = self._project.experiment(class_now)
            file = "" if info is None else info.origin.file
            self._by_value[key] = (
                None if closure is None else FilesByValue(closure, then.data, self._now.data, class_now, file)
            )
        files = self._by_value[key]
        return NOTHING_BY_VALUE if files is None else files.told(run.config_document, self._is_experiment)

    def _is_experiment(self, name: str) -> bool:
        return self._project.experiment(name) is not None

    def _value_notes(self, class_now: str, named: ByValue) -> Iterator[Note]:
        yield from (_accepted(change) for change in named.changes if self._is_accepted(class_now, change))
        yield from (Note("code-not-followed", doubt) for doubt in named.doubts)

    def _changed_defaults(self, name: str, class_now: str, then: CodeState) -> tuple[str, ...]:
        """Return the fields whose defaults are other ones than they were."""
        key = (then.identity, name, class_now)
        if key not in self._defaults:
            before, after = then.defaults(name), self._now.defaults(class_now)
            fields = sorted(before.keys() & after.keys())
            self._defaults[key] = tuple(field for field in fields if before[field] != after[field])
        return self._defaults[key]

    def _default_notes(self, run: StoredRun, class_now: str, then: CodeState) -> Iterator[Note]:
        """Fields that hold a default which is another one today."""
        after = self._now.defaults(class_now)
        before = then.defaults(run.class_name)
        stored = {} if run.config is None else dict(run.config.fields)
        for name in self._changed_defaults(run.class_name, class_now, then):
            if name in stored and f"{type(value := stored[name]).__name__} {value!r}" == before[name]:
                shown, today = dump_json(value_document(value)), after[name].partition(" ")[2]
                message = f"the default of {name} is {today} now; this run has the old one, {shown}"
                yield Note("default-changed", message)


def _imported_from(closure: Closure, names: frozenset[str]) -> Iterator[str]:
    """Yield those of some top-level names by which a closure refers to what is outside of it."""
    for definition in closure.definitions if names else ():
        for reference in definition.references:
            top = reference.target.partition(".")[0] if isinstance(reference.target, str) else ""
            if top in names:
                yield top


def _is_lost(change: CodeChange, before: Closure, after: Closure, unread: tuple[str, ...]) -> bool:
    """Whether a change may be nothing but a part of a file that cannot be parsed.

    `unread`: how the labels begin of what is read of configs whose classes may stand in such a file.
    """
    if unread and change.then is not None and any(item.label.startswith(unread) for item in change.then.references):
        return True
    sides = ((change.then, before), (change.now, after))
    return any(
        definition is not None
        and bool(closure.damaged)
        and any(isinstance(item.target, str) and item.target.startswith(LOST) for item in definition.references)
        for definition, closure in sides
    )


def _reason(change: CodeChange, then: CodeState) -> Reason:
    # Code that was recorded in part only may have been what it is today.
    is_certain = change.is_certain and not then.doubts
    return Reason(
        "code-changed",
        f"{change.message}{_way(change)}",
        change.definition,
        None if change.now is None else place_of(change.now),
        certainty="certain" if is_certain else "likely",
        change=change,
    )


def _way(change: CodeChange) -> str:
    """How a definition is reached: nothing to say of the method itself."""
    callers = [name for name in change.chain if name != change.definition]
    if not callers:
        return ""
    if change.kind == "file" and callers[-1].startswith(COMPILED):
        return f", and {callers[-1].removeprefix(COMPILED)} may be compiled from it"
    if change.kind == "file":
        return f", named in {callers[-1]}"
    way = "reached" if change.is_certain else "perhaps reached"
    through = f" through {' and '.join(map(short_name, callers[1:]))}" if callers[1:] else ""
    return f", {way} from {callers[0]}{through}"


def _accepted(change: CodeChange) -> Note:
    return Note("change-accepted", f"{change.message}; it was accepted that this does not matter")


def _load_notes(before: Closure | None, after: Closure | None, known: set[str]) -> Iterator[Note]:
    if before is None or after is None:
        return
    for change in code_changes(before, after):
        if change.definition not in known:
            yield Note("load-changed", f"{change.message}; it is only used to load or validate a result")


def _doubt_notes(then: CodeState, before: Closure, after: Closure) -> Iterator[Note]:
    for text in then.doubts:
        yield Note("code-incomplete", text)
    for doubt in after.doubts:
        yield Note("code-not-followed", doubt.message, Place(doubt.file, doubt.line, 1, doubt.line, 1))
    today = {(doubt.message, doubt.definition) for doubt in after.doubts}
    for doubt in before.doubts:
        if (doubt.message, doubt.definition) not in today:
            yield Note("code-not-followed", f"{doubt.file}:{doubt.line} (as it was then): {doubt.message}")


def place_of(definition: Definition) -> Place:
    """Return where a definition stands, whole lines."""
    return Place(definition.file, definition.line, 1, definition.end_line, 1)
