"""Objects of the standard library that go from state to state as is known: seeded random numbers, hashes of bytes.

Each is an instance of a class of nobody's, which holds its state as a value: who branches, or goes back, finds it as it
was. `random` promises the same numbers of the same seed for `random()` alone; of the others, those are followed whose
algorithms every supported version has alike.
"""

import hashlib
import random
from collections.abc import Callable, Mapping, Sequence

from huldra.experiments.evaluate.iteration import elements
from huldra.experiments.evaluate.library_classes import library_class
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.spoiling import spoil
from huldra.experiments.values import AbstractValue, ClassObject, InstanceObject, ListObject, Scope, Unknown

_STATE = "state of a library object"
_RANDOM = "random.Random"
_HASHES: Mapping[str, str] = {
    f"hashlib.{name}": name for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "blake2s")
}
STATEFUL = frozenset({_RANDOM, *_HASHES})
_MOST_BYTES = 1_000_000
_MOST_DRAWN = 10_000
_OF_NUMBERS = frozenset({"random", "uniform", "randint", "randrange", "getrandbits"})


def make_stateful(name: str, call: CallArguments) -> AbstractValue:
    """Return `random.Random(seed)` or `hashlib.sha256(data)`; one that begins as nobody knows is unknown."""
    given, doubt = call.positional, Unknown(f"an instance of {name}", call.place, name)
    if call.unknown is not None or call.keywords.keys() - {"usedforsecurity"} or len(given) > 1:
        return doubt
    if name == _RANDOM:
        seed = given[0] if given else None
        is_known = isinstance(seed, int | str | bytes)
        return _instance(name, random.Random(seed).getstate()) if is_known else doubt  # noqa: S311  the user's own
    data = given[0] if given else b""
    return _instance(name, data) if isinstance(data, bytes) else doubt


def _instance(name: str, state: AbstractValue) -> InstanceObject:
    return InstanceObject(ClassObject(library_class(name), Scope(is_class=True)), {_STATE: state})


def is_stateful(value: AbstractValue) -> bool:
    """Whether a value is such an object, and its state is known."""
    return isinstance(value, InstanceObject) and value.cls.name in STATEFUL


def call_stateful(
    machine: Machine, value: InstanceObject, name: str, call: CallArguments, frame: Frame
) -> AbstractValue:
    """Return what a method of such an object gives; after one that is not followed its state is not known."""
    state = value.attributes.get(_STATE)
    result: AbstractValue = value.unknown
    if value.unknown is None and call.unknown is None and state is not None and not isinstance(state, Unknown):
        if value.cls.name == _RANDOM:
            result = _drawn(machine, value, state, name, call, frame)
        else:
            result = _hashed(machine, value, state, name, call)
    if isinstance(result, Unknown) or (result is None and name not in {"shuffle", "update", "seed"}):
        doubt = Unknown(f"the method {name} of a {value.cls.info.qualname}", call.place)
        spoil(machine, [value, *call.positional, *call.keywords.values()], doubt)
        return doubt
    return result


def _hashed(
    machine: Machine, value: InstanceObject, state: AbstractValue, name: str, call: CallArguments
) -> AbstractValue:
    """The bytes are kept; what they hash to is worked out when it is asked for."""
    match name, state, call.positional:
        case "update", bytes(), [bytes() as more] if len(state) + len(more) <= _MOST_BYTES:
            machine.touch(value)
            value.attributes[_STATE] = state + more
            return None
        case "copy", bytes(), []:
            return _instance(value.cls.name, state)
        case (("digest" | "hexdigest"), bytes(), []):
            made = hashlib.new(_HASHES[value.cls.name], state, usedforsecurity=False)
            return made.digest() if name == "digest" else made.hexdigest()
        case _:
            return Unknown("a hash that is not followed")


def _drawn(
    machine: Machine, value: InstanceObject, state: AbstractValue, name: str, call: CallArguments, frame: Frame
) -> AbstractValue:
    """Draw as Python does, from the state that is kept; and keep the one that follows."""
    generator = random.Random()  # noqa: S311
    if isinstance(state, tuple):
        generator.setstate(state)
    doubt = Unknown("a number that is not followed")
    if call.keywords.keys() - {"k"}:
        return doubt
    if name in _OF_NUMBERS and not call.keywords:
        result = _number(generator, name, call.positional)
    elif name in {"choice", "sample", "shuffle"} and call.positional:
        population = _population(machine, call.positional[0], frame, call)
        result = doubt if population is None else _chosen(machine, generator, name, population, call)
    else:
        return doubt
    if not isinstance(result, Unknown):
        machine.step(call.place)
        machine.touch(value)
        value.attributes[_STATE] = generator.getstate()
    return result


def _number(generator: random.Random, name: str, given: Sequence[AbstractValue]) -> AbstractValue:
    kinds = (int, float) if name == "uniform" else (int,)  # older versions take whole floats for numbers of places
    numbers = [value for value in given if isinstance(value, kinds)]
    draw: Callable[..., object] = getattr(generator, name)
    if len(numbers) == len(given):
        try:
            drawn = draw(*numbers)
        except (TypeError, ValueError, OverflowError):
            return Unknown("a number that cannot be drawn")
        if isinstance(drawn, int | float):
            return drawn
    return Unknown("a number that is not followed")


def _population(
    machine: Machine, value: AbstractValue, frame: Frame, call: CallArguments
) -> Sequence[AbstractValue] | None:
    if not isinstance(value, ListObject | tuple | range | str):
        return None
    items = elements(machine, value, frame, call.place)
    return None if isinstance(items, Unknown) or len(items) > _MOST_DRAWN else items


def _chosen(
    machine: Machine, generator: random.Random, name: str, population: Sequence[AbstractValue], call: CallArguments
) -> AbstractValue:
    """What is drawn by its place: which ones follows from how many there are."""
    places, more = range(len(population)), call.positional[1:]
    count = more[0] if more else call.keywords.get("k")
    match name, count, call.positional[0]:
        case "choice", None, _ if population:
            return population[generator.choice(places)]
        case "sample", int(), _ if 0 <= count <= len(population):
            return ListObject([population[place] for place in generator.sample(places, count)])
        case "shuffle", None, ListObject() as shuffled:
            order = list(places)
            generator.shuffle(order)
            machine.touch(shuffled)
            shuffled.items[:] = [population[place] for place in order]
            return None
        case _:
            return Unknown("a choice that is not followed")
