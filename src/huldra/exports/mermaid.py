"""A dependency graph for Mermaid, which Markdown pages draw. Knows the language, and nothing of the graph's making."""

from collections.abc import Iterator

from huldra.exports.graph_words import edge_words, graph_names, node_words, worst_verdict
from huldra.features.dependency_graph import DependencyGraph

_STYLES = {
    "bad": "fill:#f8d0d0,stroke:#b04040,color:#000",
    "stale": "fill:#fbe7b2,stroke:#a07818,color:#000",
    "orphan": "fill:#ead9f5,stroke:#8050a0,color:#000",
    "missing": "fill:#d6e6fa,stroke:#3868a8,color:#000",
    "current": "fill:#d5efd5,stroke:#388038,color:#000",
}
_BAD = frozenset({"failed", "crashed", "preempted", "cancelled", "incomplete"})
_ARROWS = {"code": "-.->", "store": "-.->", "both": "-->"}


def mermaid_text(graph: DependencyGraph) -> str:
    """Return the graph as a Mermaid flowchart; an arrow leads from a dependent to what it depends on."""
    return "\n".join(_lines(graph)) + "\n"


def _lines(graph: DependencyGraph) -> Iterator[str]:
    names = graph_names(graph)
    # Names hold what Mermaid gives a meaning (`end`, `.`, `/`), so the nodes are numbered.
    numbers = {node.key: f"n{index}" for index, node in enumerate(graph.nodes)}
    yield "flowchart LR"
    used: dict[str, None] = {}
    for node in graph.nodes:
        verdict = worst_verdict(node)
        style = "bad" if verdict in _BAD else verdict
        mark = f":::{style}" if style in _STYLES else ""
        if mark:
            used[style] = None
        words = "<br/>".join(escaped(words) for words in node_words(node, names))
        yield f'  {numbers[node.key]}["{words}"]{mark}'
    for edge in graph.edges:
        words = escaped(edge_words(edge))
        label = f'|"{words}"|' if words else ""
        yield f"  {numbers[edge.start]} {_ARROWS[edge.source]}{label} {numbers[edge.end]}"
    for style in sorted(used):
        yield f"  classDef {style} {_STYLES[style]}"


def escaped(text: str) -> str:
    """Return text as it may stand inside a quoted label: what has a meaning there as an entity."""
    kept = " ._-,/:=()"
    return "".join(
        character if character.isalnum() or character in kept else f"#{ord(character)};" for character in text
    )
