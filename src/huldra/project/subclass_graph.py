"""The hierarchy of experiment classes as a graph. Apart, because the graph library is slow to import."""

from collections.abc import Mapping

import networkx as nx

from huldra.project.classes import ClassInfo
from huldra.project.hierarchy import experiment_classes


def subclass_graph(classes: Mapping[str, ClassInfo]) -> "nx.DiGraph[str]":
    """Return the hierarchy of experiment classes as a graph with an edge from each base to each direct subclass."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for info in experiment_classes(classes):
        graph.add_node(info.name)
        graph.add_edges_from((base.name, info.name) for base in info.bases)
    return graph
