"""What all nodes of a graph reach is what each of them reaches."""

import random

import pytest

from huldra.project.reachable import all_reachable, deepest_first, reachable


@pytest.mark.parametrize("seed", range(40))
def test_all_at_once_is_one_by_one(seed: int) -> None:
    chance = random.Random(seed)
    nodes = range(chance.randint(1, 25))
    graph = {
        node: [chance.choice(nodes) for _ in range(chance.randint(0, 3))] for node in nodes if chance.random() < 0.9
    }
    found = all_reachable(graph)
    assert graph.keys() <= found.keys()
    for node in found:
        assert found[node] == reachable(graph.get(node, ()), lambda item: graph.get(item, ())), node


def test_a_node_reaches_itself_only_in_a_circle() -> None:
    found = all_reachable({"a": ["b"], "b": ["c"], "c": ["b"], "d": []})
    assert found == {
        "a": frozenset("bc"),
        "b": frozenset("bc"),
        "c": frozenset("bc"),
        "d": frozenset(),
    }


def test_what_follows_comes_first_in_the_order_in_which_it_is_named() -> None:
    graph = {"a": ("c", "b"), "b": ("d",), "c": ("d",), "d": (), "e": ("f",), "f": ("e",)}
    assert deepest_first("ae", lambda item: graph[item]) == tuple("dcbafe")
    chain = range(100_000)
    assert deepest_first([0], lambda item: (item + 1,) if item + 1 in chain else ()) == tuple(reversed(chain))
