"""What all nodes of a graph reach is what each of them reaches."""

import random

import pytest

from huldra.project.reachable import all_reachable, reachable


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
