"""What depends on what, as a graph: classes or experiments, code and store overlaid. Knows no output format."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

import networkx as nx
from msgspec import Struct

from huldra.analysis.snapshot import Snapshot
from huldra.comparison.model import runs_by_key
from huldra.features.picture import Picture
from huldra.features.short_names import NoSuch, no_such
from huldra.features.verdict_counts import MISSING, Counts, count_by_class, ordered_counts
from huldra.formats.names import LOCALS
from huldra.project.places import Place, Shown

Level = Literal["classes", "experiments"]
Focus = str | tuple[str, ...]
Source = Literal["code", "store", "both"]
_LEAST_HASH = 4
_INDEX = re.compile(r"\[[^\]]*\]")


class GraphNode(Struct, frozen=True):
    """A class, or an experiment (`class/hash`); `counts` are of its runs and missing experiments."""

    key: str
    counts: Counts
    source: Source
    place: Place | None


class GraphEdge(Struct, frozen=True):
    """From a dependent to what it depends on; `via` are the fields, sorted."""

    start: str
    end: str
    via: tuple[str, ...]
    source: Source


class DependencyGraph(Struct, frozen=True):
    """The graph, sorted. `roots` are where a reader begins: what nothing depends on, and one node of each circle."""

    level: Level
    focus: tuple[str, ...]
    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    roots: tuple[str, ...]


def dependency_graph(
    snapshot: Snapshot,
    picture: Picture,
    level: Level | None = None,
    focus: Focus | None = None,
    depth: int | None = None,
) -> DependencyGraph | NoSuch:
    """Return the graph, or the part of it around a focus.

    Args:
        snapshot: The state.
        picture: Its picture.
        level: None is what the focus asks for: experiments for a hash or for runs, else classes.
        focus: A class or an unambiguous ending of its name, `class/hash`, or the beginning of a hash; or the keys of
            runs.
        depth: How many steps from the focus, up and down; None is all.
    """
    shown = snapshot.inputs.places.place
    experiments = _experiment_graph(snapshot, picture)
    chosen: list[str] = []
    if focus is not None:
        answer = _resolve(picture, experiments, focus) if isinstance(focus, str) else list(focus)
        if isinstance(answer, NoSuch):
            return answer
        chosen = answer
        if level is None and any("/" in key for key in chosen):
            level = "experiments"
    if level == "experiments":
        graph = experiments
        chosen = [key for key in graph if key in chosen or key.rpartition("/")[0] in chosen]
    else:
        graph = _class_graph(picture, experiments, shown)
        chosen = sorted({key.rpartition("/")[0] or key for key in chosen})
    if focus is not None:
        graph = graph.subgraph(_around(graph, chosen, depth))
    nodes = _experiment_nodes(picture, shown) if level == "experiments" else _class_nodes(picture, shown)
    return DependencyGraph(
        level=level or "classes",
        focus=tuple(sorted(chosen)),
        nodes=tuple(nodes[key] for key in sorted(graph)),
        edges=tuple(sorted(_edges(graph), key=_edge_order)),
        roots=tuple(_roots(graph)),
    )


def _experiment_graph(snapshot: Snapshot, picture: Picture) -> "nx.DiGraph[str]":
    graph: nx.DiGraph[str] = nx.DiGraph()
    shown = snapshot.inputs.places.place
    graph.add_nodes_from(row.experiment.key for row in picture.experiments)
    graph.add_nodes_from(run.key for run in picture.runs)
    for key, experiment in snapshot.experiments.by_key.items():
        for dependency in experiment.dependencies:
            if dependency.key in graph:
                _add(graph, key, dependency.key, dependency.via.shown(shown), "code")
    for run in picture.runs:
        for key, via in run.dependencies:
            _add(graph, run.key, key, via.shown(shown), "store")
    return graph


def _class_graph(picture: Picture, experiments: "nx.DiGraph[str]", shown: Shown) -> "nx.DiGraph[str]":
    """Declared fields say what may be held; experiments and runs say what is."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(row.name for row in count_by_class(picture))
    for edge in picture.class_edges:
        if edge.source in graph and edge.target in graph:
            _add(graph, edge.source, edge.target, edge.via.shown(shown), "code")
    for start, end, data in experiments.edges(data=True):
        for via, sources in data["via"].items():
            for source in sources:
                _add(graph, start.rpartition("/")[0], end.rpartition("/")[0], _INDEX.sub("", via), source)
    return graph


def _add(graph: "nx.DiGraph[str]", start: str, end: str, via: str, source: str) -> None:
    if not graph.has_edge(start, end):
        graph.add_edge(start, end, via={})
    graph.edges[start, end]["via"].setdefault(via, set()).add(source)


def _edges(graph: "nx.DiGraph[str]") -> Iterator[GraphEdge]:
    for start, end, data in graph.edges(data=True):
        sources = {source for found in data["via"].values() for source in found}
        yield GraphEdge(
            start, end, tuple(sorted(data["via"])), _source(is_code="code" in sources, is_store="store" in sources)
        )


def _edge_order(edge: GraphEdge) -> tuple[str, list[tuple[str, int]], str]:
    """By field, `evals[2]` before `evals[10]`."""
    words = re.findall(r"(\D*)(\d*)", edge.via[0])
    return edge.start, [(word, int(number or 0)) for word, number in words], edge.end


def _source(*, is_code: bool, is_store: bool) -> Source:
    return "both" if is_code and is_store else "store" if is_store else "code"


def _class_nodes(picture: Picture, shown: Shown) -> dict[str, GraphNode]:
    places = {row.name: shown(row.place) for row in picture.classes if LOCALS not in row.name}
    return {
        row.name: GraphNode(
            row.name, row.verdicts, _source(is_code=row.is_in_code, is_store=row.runs > 0), places.get(row.name)
        )
        for row in count_by_class(picture)
    }


def _experiment_nodes(picture: Picture, shown: Shown) -> dict[str, GraphNode]:
    stored = runs_by_key(picture.runs)
    verdicts = {key: run.verdict for key, run in stored.items()}
    verdicts |= {row.experiment.key: row.verdict for row in picture.experiments if row.experiment.key in stored}
    built = (row.experiment for row in picture.experiments if row.experiment.sites)
    code = {experiment.key: shown(experiment.sites[0].place) for experiment in built}
    return {
        key: GraphNode(
            key,
            ordered_counts((verdicts.get(key, MISSING),)),
            _source(is_code=key in code, is_store=key in verdicts),
            code.get(key),
        )
        for key in sorted(set(verdicts) | set(code))
    }


def _resolve(picture: Picture, experiments: "nx.DiGraph[str]", focus: str) -> list[str] | NoSuch:
    """Return the class or the experiments that a focus names."""
    classes = [row.name for row in count_by_class(picture)]
    class_word, slash, hash_word = focus.rpartition("/")
    if slash:
        named = _classes_named(classes, class_word)
        return _one_hash([key for key in experiments if key.rpartition("/")[0] in named], hash_word, focus)
    named = _classes_named(classes, focus)
    if len(named) > 1:
        return NoSuch("class", focus, tuple(named), is_ambiguous=True)
    if named:
        return named
    if re.fullmatch(rf"[0-9a-f]{{{_LEAST_HASH},}}", focus.lower()):
        return _one_hash(list(experiments), focus, focus)
    return no_such("class or experiment", focus, classes)


def _classes_named(classes: Iterable[str], word: str) -> list[str]:
    known = list(classes)
    return [word] if word in known else [name for name in known if name.endswith(f".{word}")]


def _one_hash(keys: Iterable[str], prefix: str, focus: str) -> list[str] | NoSuch:
    known = sorted(keys)
    fitting = [key for key in known if key.rpartition("/")[2].startswith(prefix.lower())]
    if len(fitting) == 1:
        return fitting
    if fitting:
        return NoSuch("experiment", focus, tuple(fitting), is_ambiguous=True)
    return no_such("class or experiment", focus, known)


def _around(graph: "nx.DiGraph[str]", focus: Iterable[str], depth: int | None) -> set[str]:
    """Return what a focus depends on and what depends on it; not what only shares a dependency with it."""
    kept: set[str] = set()
    for key in focus:
        for direction in (graph, graph.reverse(copy=False)):
            kept.update(nx.single_source_shortest_path_length(direction, key, cutoff=depth))
    return kept


def _roots(graph: "nx.DiGraph[str]") -> Iterator[str]:
    seen: set[str] = set()
    starts = sorted(key for key in graph if graph.in_degree(key) == 0)
    for key in (*starts, *sorted(graph)):
        if key not in seen:
            yield key
            seen.update(nx.single_source_shortest_path_length(graph, key))
