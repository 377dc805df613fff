"""A hash gives the keys of all that code builds and the store holds under it: those that a walk through all would."""

import random
from dataclasses import dataclass

from huldra.features.keys_of_hash import KeysOfHash


@dataclass(frozen=True)
class Run:
    key: str


def walked(built, found) -> dict[str, tuple[str, ...]]:
    keys: dict[str, dict[str, None]] = {}
    for key in (*built, *found):
        keys.setdefault(key.rpartition("/")[2], {})[key] = None
    return {digest: tuple(each) for digest, each in keys.items()}


def test_it_says_what_a_walk_says() -> None:
    for seed in range(200):
        chance = random.Random(seed)
        digests = [f"{number:02}" for number in range(12)]
        keys = [f"m.C{number}/{digest}" for number in range(4) for digest in digests]
        runs = [Run(key) for key in sorted(chance.choices(keys, k=chance.randrange(40)))]
        built = chance.sample(keys, chance.randrange(20))
        hidden = set(chance.sample(keys, chance.randrange(10)))  # built, and no run of it where it is looked for
        found = {run.key: run for run in runs if run.key not in hidden}
        keys_of = KeysOfHash(built, runs, found)  # type: ignore[arg-type]
        expected = walked(built, found)
        assert {digest: keys_of.get(digest) for digest in digests} == {each: expected.get(each) for each in digests}
        assert (list(keys_of), len(keys_of), dict(keys_of)) == (list(expected), len(expected), expected)


def test_hashes_that_python_gives_one_number_are_told_apart(monkeypatch) -> None:
    monkeypatch.setattr("builtins.hash", lambda _: 7)
    runs = [Run(f"m.C/{digest}") for digest in ("aa", "bb", "cc")]
    found = {run.key: run for run in runs}
    keys_of = KeysOfHash((), runs, found)  # type: ignore[arg-type]
    assert [keys_of.get(digest) for digest in ("aa", "bb", "dd")] == [("m.C/aa",), ("m.C/bb",), None]
