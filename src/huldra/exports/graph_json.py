"""The JSON of `huldra graph`, schema_version 1."""

from typing import Literal

from pydantic import Field

from huldra.exports.analysis_json import Model
from huldra.exports.json_text import json_text
from huldra.features.dependency_graph import DependencyGraph, GraphEdge, GraphNode


class NodeModel(Model):
    """A class or an experiment; `counts` says how many of its runs have which verdict, `missing` ones included."""

    key: str
    kind: Literal["class", "experiment"]
    counts: dict[str, int]
    source: Literal["code", "store", "both"]
    file: str | None
    line: int | None


class GraphEdgeModel(Model):
    """From a dependent to what it depends on."""

    start: str = Field(alias="from")
    end: str = Field(alias="to")
    via: list[str]
    source: Literal["code", "store", "both"]


class GraphModel(Model):
    """The graph, or the part around `focus`."""

    schema_version: Literal[1]
    level: Literal["classes", "experiments"]
    focus: list[str]
    nodes: list[NodeModel]
    edges: list[GraphEdgeModel]


def graph_json(graph: DependencyGraph) -> str:
    """Return the document as text; the same graph gives the same bytes."""
    model = GraphModel(
        schema_version=1,
        level=graph.level,
        focus=list(graph.focus),
        nodes=[_node(node) for node in graph.nodes],
        edges=[_edge(edge) for edge in graph.edges],
    )
    return json_text(model)


def _node(node: GraphNode) -> NodeModel:
    return NodeModel(
        key=node.key,
        kind="experiment" if "/" in node.key else "class",
        counts=dict(node.counts),
        source=node.source,
        file=None if node.place is None else node.place.file,
        line=None if node.place is None else node.place.line,
    )


def _edge(edge: GraphEdge) -> GraphEdgeModel:
    return GraphEdgeModel.model_validate(
        {"from": edge.start, "to": edge.end, "via": list(edge.via), "source": edge.source}
    )
