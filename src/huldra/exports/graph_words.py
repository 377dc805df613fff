"""What is written on the nodes and edges of a drawn graph, whatever draws it."""

from collections.abc import Mapping

from huldra.features.dependency_graph import DependencyGraph, GraphEdge, GraphNode
from huldra.features.short_names import short_key, short_names
from huldra.features.verdict_counts import SHOWN_ORDER

_WORST_FIRST = ("failed", "crashed", "preempted", "cancelled", "incomplete", "stale", "running", "queued")


def graph_names(graph: DependencyGraph) -> Mapping[str, str]:
    """Return the short names of the classes of a graph."""
    return short_names(node.key.rpartition("/")[0] or node.key for node in graph.nodes)


def node_words(node: GraphNode, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return the lines of a node: its short name, then its verdicts."""
    if "/" in node.key:
        return short_key(node.key, names), *(verdict for verdict, _ in node.counts)
    counts = ", ".join(f"{count} {verdict}" for verdict, count in node.counts)
    return (names[node.key], counts) if counts else (names[node.key],)


def edge_words(edge: GraphEdge) -> str:
    """Return the fields that an edge leads through."""
    return ", ".join(via.removeprefix("field ") for via in edge.via)


def worst_verdict(node: GraphNode) -> str:
    """Return the verdict that a node is coloured by; empty without one."""
    verdicts = {verdict for verdict, _ in node.counts}
    order = (*_WORST_FIRST, "missing", *(verdict for verdict in reversed(SHOWN_ORDER) if verdict not in _WORST_FIRST))
    return next((verdict for verdict in order if verdict in verdicts), "")
