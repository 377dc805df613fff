"""Why what a program builds is not certain: the reasons of the conditions under which each config is built."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from unittest.mock import patch

from huldra.experiments.evaluate import branches, executors, run
from huldra.experiments.evaluate.frames import CallArguments, Frame
from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.values import Unknown
from huldra.facts.statements import Try
from huldra.formats.config_values import ConfigValue
from huldra.formats.identity import IdentityTypeError, IdentityValueError, identity_hash
from huldra.project.places import Place

ENDED_BEFORE = "a worker that may be ended before it is called"

MAY_RAISE = "a call of something outside, which may raise"
ASKED_AGAIN = "a condition that is asked again, and may give another answer"

OF_CONFIGS = frozenset({"dependency", "default"})
"""What methods and defaults build is that of each config that has it."""
_OUTSIDE = ", which is outside the project"


def is_joined(reason: str) -> bool:
    """Whether two sides of a branch on what only a run knows have left different values, which are not kept apart."""
    return "depends on the condition: " in reason and reason.endswith(_OUTSIDE)


class Conditions:
    """What has been seen of an evaluation."""

    def __init__(self) -> None:
        self._reasons: dict[Place, set[str]] = {}
        """What the conditions are, by where they are."""
        self._built: dict[str, set[tuple[Place, ...]]] = {}
        self._tries: list[set[str]] = []
        self.ended_by: set[str] = set()
        """What certainly ends modules, by the names of the exceptions."""

    def of(self, key: str) -> Sequence[set[str]]:
        """Return the reasons for each of the conditions under which a config has been built."""
        return [self._of(conditions) for conditions in self._built.get(key, ())]

    def at(self, place: Place | None) -> Iterable[str]:
        """Return the reasons of what is in doubt at a place."""
        return () if place is None else self._reasons.get(place, ())

    def _of(self, conditions: Sequence[Place]) -> set[str]:
        reasons = {reason for condition in conditions for reason in self._reasons.get(condition, ())}
        return reasons | {ASKED_AGAIN} if len(set(conditions)) < len(conditions) else reasons

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note the conditions of whatever is evaluated inside."""
        rules = run._STATEMENTS
        with (
            patch.object(branches, "_run", self._noting(branches, "_run")),
            patch.object(branches, "_note_path", self._noting(branches, "_note_path")),
            patch.object(run, "_evaluate", self._evaluating(getattr(run, "_evaluate"))),  # noqa: B009
            patch.object(executors, "run_in_worker", self._working(executors.run_in_worker)),
            patch.object(run, "run_piece", self._ending(run.run_piece)),
            patch.object(Machine, "record", self._recording(Machine.record)),
            patch.dict(rules, {Try: self._trying(rules[Try])}),
        ):
            yield

    def _noting(self, module: object, name: str) -> Callable[..., object]:
        inner = getattr(module, name)

        def noting(*given: object) -> object:
            for doubt in given:
                if isinstance(doubt, Unknown) and doubt.place is not None:
                    self._reasons.setdefault(doubt.place, set()).add(doubt.reason)
            return inner(*given)

        return noting

    def _evaluating(self, inner: Callable[..., object]) -> Callable[..., object]:
        def evaluating(*given: object) -> object:
            value = inner(*given)
            doubt = value if isinstance(value, Unknown) else getattr(value, "unknown", None)
            if isinstance(doubt, Unknown):
                for reasons in self._tries:
                    reasons.add(doubt.reason)
            return value

        return evaluating

    def _working(self, inner: Callable[..., object]) -> Callable[..., object]:
        def working(machine: Machine, kind: str, function: object, call: CallArguments, frame: Frame) -> object:
            self._reasons.setdefault(call.place, set()).add(ENDED_BEFORE)
            return inner(machine, kind, function, call, frame)

        return working

    def _ending(self, inner: Callable[..., object]) -> Callable[..., object]:
        def ending(*given: object) -> object:
            ended = inner(*given)
            if isinstance(ended, Raised):
                self.ended_by.add(ended.type_name)
            return ended

        return ending

    def _recording(self, inner: Callable[..., None]) -> Callable[..., None]:
        def recording(machine: Machine, *given: object) -> None:
            begin = len(machine.sites)
            inner(machine, *given)
            places = tuple(machine.conditions._places)
            for site in machine.sites[begin:]:
                is_at_work = site.kind not in OF_CONFIGS
                if is_at_work and site.is_conditional and isinstance(site.frozen, ConfigValue):
                    with suppress(IdentityTypeError, IdentityValueError):
                        key = f"{site.frozen.class_name}/{identity_hash(site.frozen)}"
                        self._built.setdefault(key, set()).add(places)

        return recording

    def _trying(self, inner: Callable[..., None]) -> Callable[..., None]:
        """What raises in a `try` is in doubt for what is not known in it."""

        def trying(machine: Machine, statement: Try, frame: Frame) -> None:
            self._tries.append(set())
            try:
                inner(machine, statement, frame)
            finally:
                reasons = self._tries.pop()
                if any(reason.startswith("a call of ") and reason.endswith(_OUTSIDE) for reason in reasons):
                    reasons.add(MAY_RAISE)  # those of the generator never do
                for handler in statement.handlers[:1]:
                    self._reasons.setdefault(frame.place(handler.at), set()).update(reasons)

        return trying
