"""`match` statements: patterns over known values; an unknown subject takes every case."""

from huldra.experiments.evaluate.attributes import plain_type
from huldra.experiments.evaluate.branches import doubt_at, run_branches
from huldra.experiments.evaluate.class_members import look_up
from huldra.experiments.evaluate.comparisons import equal
from huldra.experiments.evaluate.holders import annotated_fields, is_record
from huldra.experiments.evaluate.instances import is_instance
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.operations import truth_of
from huldra.experiments.evaluate.record_parameters import NotFollowed, field_kinds
from huldra.experiments.evaluate.targets import bind
from huldra.experiments.evaluate.unseen_calls import hashed
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    ConfigObject,
    DictObject,
    External,
    ListObject,
    Unknown,
)
from huldra.facts.expressions import Constant
from huldra.facts.statements import (
    AsPattern,
    Case,
    ClassPattern,
    MappingPattern,
    Match,
    OrPattern,
    Pattern,
    SequencePattern,
    StarPattern,
    ValuePattern,
)

_WHOLE = frozenset(f"builtins.{name}" for name in ("bool", "bytes", "float", "int", "str", "tuple"))
"""Types whose pattern takes one positional pattern, for all of the value."""
_UNFOLLOWED = Unknown("a pattern that is not followed")


def run_match(machine: Machine, node: Match, frame: Frame) -> None:
    """The first case that certainly matches; before one that may match, both ways are taken."""
    subject = machine.evaluate(node.subject, frame)
    if isinstance(subject, External):
        subject = Unknown(f"{subject.name}, which is outside the project", frame.place(node.subject.at))
    _run_cases(machine, node.cases, subject, node, frame)


def _run_cases(machine: Machine, cases: tuple[Case, ...], subject: AbstractValue, node: Match, frame: Frame) -> None:
    if not cases:
        return
    case = cases[0]
    known = _matches(machine, case.pattern, subject, frame)
    if known is True and case.guard is not None:
        known = truth_of(machine, machine.evaluate(case.guard, frame), frame, frame.place(case.guard.at))
    if known is True:
        machine.execute(case.body, frame)
    elif known is False:
        _run_cases(machine, cases[1:], subject, node, frame)
    else:
        doubt = doubt_at(known, "match", frame, node.subject)
        _bind_names(machine, case.pattern, doubt, frame)
        taken = (
            lambda: machine.execute(case.body, frame),
            lambda: _run_cases(machine, cases[1:], subject, node, frame),
        )
        run_branches(machine, frame, doubt, taken)


def _bind_names(machine: Machine, pattern: Pattern, doubt: Unknown, frame: Frame) -> None:
    match pattern:
        case AsPattern(pattern=inner, name=name):
            if name is not None:
                bind(machine, name, doubt, frame)
            if inner is not None:
                _bind_names(machine, inner, doubt, frame)
        case StarPattern(name=name) if name is not None:
            bind(machine, name, doubt, frame)
        case SequencePattern(items=items) | OrPattern(alternatives=items):
            for item in items:
                _bind_names(machine, item, doubt, frame)
        case MappingPattern(entries=entries, rest=rest):
            for _, inner in entries:
                _bind_names(machine, inner, doubt, frame)
            if rest is not None:
                bind(machine, rest, doubt, frame)
        case ClassPattern(positional=positional, keywords=keywords):
            for inner in (*positional, *(value for _, value in keywords)):
                _bind_names(machine, inner, doubt, frame)
        case _:
            return


def _matches(machine: Machine, pattern: Pattern, subject: AbstractValue, frame: Frame) -> bool | Unknown:
    match pattern:
        case AsPattern(pattern=inner, name=name):
            known = True if inner is None else _matches(machine, inner, subject, frame)
            if known is True and name is not None:
                bind(machine, name, subject, frame)
            return known
        case _ if isinstance(subject, Unknown):
            return subject
        case ValuePattern(value=Constant() as value):
            # `case True` asks for the object itself: 1 is not it.
            return subject is machine.evaluate(value, frame)
        case ValuePattern(value=value):
            return equal(subject, machine.evaluate(value, frame))
        case OrPattern(alternatives=alternatives):
            return _matches_any(machine, alternatives, subject, frame)
        case SequencePattern(items=items):
            return _matches_sequence(machine, items, subject, frame)
        case MappingPattern():
            if not isinstance(subject, DictObject):
                return False if _is_plain(subject) else _UNFOLLOWED
            return subject.unknown or _matches_mapping(machine, pattern, subject, frame)
        case ClassPattern():
            return _matches_class(machine, pattern, subject, frame)
        case _:
            return _UNFOLLOWED


def _matches_any(
    machine: Machine, alternatives: tuple[Pattern, ...], subject: AbstractValue, frame: Frame
) -> bool | Unknown:
    doubt: Unknown | None = None
    for alternative in alternatives:
        known = _matches(machine, alternative, subject, frame)
        if known is True:
            return doubt or True
        if isinstance(known, Unknown):
            doubt = doubt or known
    return doubt or False


def _matches_sequence(
    machine: Machine, patterns: tuple[Pattern, ...], subject: AbstractValue, frame: Frame
) -> bool | Unknown:
    if isinstance(subject, range):
        subject = tuple(subject)
    if not isinstance(subject, ListObject | tuple):
        return False if _is_plain(subject) else _UNFOLLOWED
    if isinstance(subject, ListObject) and subject.unknown is not None:
        return subject.unknown
    items = list(subject.items if isinstance(subject, ListObject) else subject)
    star = next((i for i, pattern in enumerate(patterns) if isinstance(pattern, StarPattern)), None)
    if star is None:
        if len(items) != len(patterns):
            return False
        return _all_match(machine, list(zip(patterns, items, strict=True)), frame)
    after = len(patterns) - star - 1
    if len(items) < star + after:
        return False
    end = len(items) - after
    pairs = [*zip(patterns[:star], items[:star], strict=True), *zip(patterns[star + 1 :], items[end:], strict=True)]
    known = _all_match(machine, pairs, frame)
    pattern = patterns[star]
    if known is True and isinstance(pattern, StarPattern) and pattern.name is not None:
        bind(machine, pattern.name, ListObject(items[star:end]), frame)
    return known


def _all_match(machine: Machine, pairs: list[tuple[Pattern, AbstractValue]], frame: Frame) -> bool | Unknown:
    doubt: Unknown | None = None
    for pattern, item in pairs:
        known = _matches(machine, pattern, item, frame)
        if known is False:
            return False
        if isinstance(known, Unknown):
            doubt = known
    return doubt or True


def _matches_mapping(machine: Machine, pattern: MappingPattern, subject: DictObject, frame: Frame) -> bool | Unknown:
    pairs: list[tuple[Pattern, AbstractValue]] = []
    keys: list[object] = []
    for key_node, inner in pattern.entries:
        key = hashed(machine, machine.evaluate(key_node, frame), frame, frame.place(key_node.at))
        if isinstance(key, Unknown):
            return key
        if key not in subject.items:
            return False
        keys.append(key)
        pairs.append((inner, subject.items[key]))
    known = _all_match(machine, pairs, frame)
    if known is True and pattern.rest is not None:
        rest = {key: value for key, value in subject.items.items() if key not in keys}
        bind(machine, pattern.rest, DictObject(rest), frame)
    return known


def _is_plain(subject: AbstractValue) -> bool:
    """Whether a subject certainly is neither a sequence nor a mapping of a class of its own."""
    return plain_type(subject) is not None or isinstance(subject, ConfigObject)


def _matches_class(machine: Machine, pattern: ClassPattern, subject: AbstractValue, frame: Frame) -> bool | Unknown:
    cls = machine.evaluate(pattern.cls, frame)
    if not isinstance(cls, ClassObject | External):
        return _UNFOLLOWED
    known = is_instance(machine, subject, cls)
    if known is not True:
        return known
    place = frame.place(pattern.cls.at)
    pairs = [(inner, machine.attribute(subject, name, frame, place)) for name, inner in pattern.keywords]
    if isinstance(cls, External) and len(pattern.positional) == 1 and cls.name in _WHOLE:
        pairs.append((pattern.positional[0], subject))  # `case int(x)` binds the whole subject
    elif pattern.positional:
        names = _match_names(machine, cls) if isinstance(cls, ClassObject) else None
        if names is None or len(names) < len(pattern.positional):
            return _UNFOLLOWED
        values = (machine.attribute(subject, name, frame, place) for name in names)
        pairs = [*zip(pattern.positional, values, strict=False), *pairs]
    return _all_match(machine, pairs, frame)


def _match_names(machine: Machine, cls: ClassObject) -> list[str] | None:
    """Return which attributes `case Point(x, y)` asks for; None where that is not followed."""
    found = look_up(machine, cls.info.order, "__match_args__")
    if found is not None:
        names = found[0] if isinstance(found[0], tuple) else ()
        listed = [name for name in names if isinstance(name, str)]
        return listed if listed and len(listed) == len(names) else None
    record = next((name for name in cls.info.order if is_record(machine, name)), None)
    if record is None or record != cls.name:
        return None
    info = machine.project.classes[record]
    try:
        kinds = field_kinds(machine, info, annotated_fields(machine, info))
    except NotFollowed:
        return None
    return [name for name, kind in kinds.items() if kind == "positional"]
