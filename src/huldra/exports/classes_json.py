"""The JSON of `huldra classes`, schema_version 1."""

from typing import Literal

from huldra.exports.analysis_json import Model
from huldra.exports.json_text import json_text
from huldra.features.class_tree import ClassNode, ClassTree
from huldra.features.verdict_counts import ClassCounts


class ClassCountsModel(Model):
    """A class that only the store knows."""

    name: str
    runs: int
    verdicts: dict[str, int]


class ClassNodeModel(Model):
    """A class below one of its bases. `repeated`: its subclasses stand where the class is shown first."""

    name: str
    file: str | None
    line: int | None
    abstract: bool
    version_controlled: bool
    experiments: int
    runs: int
    verdicts: dict[str, int]
    repeated: bool
    children: list["ClassNodeModel"]


class ClassTreeModel(Model):
    """The hierarchy, and the classes of stored runs that the code does not have."""

    schema_version: Literal[1]
    roots: list[ClassNodeModel]
    gone: list[ClassCountsModel]


def classes_json(tree: ClassTree) -> str:
    """Return the document as text; the same tree gives the same bytes."""
    model = ClassTreeModel(
        schema_version=1, roots=[_node(node) for node in tree.roots], gone=[_gone(row) for row in tree.gone]
    )
    return json_text(model, by_alias=False)


def _node(node: ClassNode) -> ClassNodeModel:
    return ClassNodeModel(
        name=node.name,
        file=None if node.row is None else node.row.place.file,
        line=None if node.row is None else node.row.place.line,
        abstract=node.row is not None and node.row.is_abstract,
        version_controlled=node.row is not None and node.row.is_version_controlled,
        experiments=0 if node.counts is None else node.counts.experiments,
        runs=0 if node.counts is None else node.counts.runs,
        verdicts={} if node.counts is None else dict(node.counts.verdicts),
        repeated=node.is_repeated,
        children=[_node(child) for child in node.children],
    )


def _gone(row: ClassCounts) -> ClassCountsModel:
    return ClassCountsModel(name=row.name, runs=row.runs, verdicts=dict(row.verdicts))
