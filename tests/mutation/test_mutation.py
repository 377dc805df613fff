"""Edits that change a meaning are felt by exactly the classes that reach it; edits that change none are felt by nobody.

`HULDRA_MUTATIONS` sets how many edits are tried; `make mutation` tries thousands.
"""

import os
import random
from collections.abc import Iterator
from functools import cache

from huldra.comparison.code_changes import code_changes
from huldra.facts.collect import collect_facts, collect_piece
from huldra.facts.statements import PieceFacts
from huldra.fingerprints.closure import build_closure
from huldra.fingerprints.code import Code
from huldra.fingerprints.holdings import ROOT_LABEL, Holdings
from huldra.fingerprints.model import Closure
from huldra.project.modules import build_module_table
from tests.harness.code_projects import Project, random_project, render
from tests.mutation.edits import Files, meaning_changes, rewritings

_COUNT = int(os.environ.get("HULDRA_MUTATIONS", "200"))


@cache
def _piece(text: str) -> PieceFacts:
    return collect_piece(text)


def _closures(project: Project, files: Files) -> dict[str, Closure]:
    """Return what `_create` of each class of the project reaches in a state of its files."""
    facts = {name: collect_facts(text, _piece) for name, text in files.items()}
    code = Code(
        build_module_table(files, [""]),
        facts,
        frozenset(),
        lambda word: [name for name in files if word in files[name]],
    )
    found: dict[str, Closure] = {}
    for part in project.experiments():
        closure = build_closure(code, f"{part.module}.{part.name}", ("_create",), _holdings(project, part.name))
        assert closure is not None, f"{part.name} is not found in {sorted(files)}"
        found[part.name] = closure
    return found


def _holdings(project: Project, name: str) -> Holdings:
    triples: set[tuple[str, str, str]] = set()
    classes: dict[str, str] = {}
    owner, label = name, ROOT_LABEL
    while (held := project.held(owner)) is not None:
        full = f"{project.parts[held].module}.{held}"
        triples.add((label, "source", full))
        classes[full] = full
        owner, label = held, full
    return Holdings(frozenset(triples), classes)


def _changed(before: dict[str, Closure], after: dict[str, Closure]) -> set[str]:
    return {name for name, closure in before.items() if code_changes(closure, after[name])}


def _projects() -> Iterator[Project]:
    seed = 0
    while True:
        yield random_project(seed)
        seed += 1


def test_a_changed_meaning_is_felt_by_exactly_the_classes_that_reach_it() -> None:
    tried = 0
    wrong: list[str] = []
    for seed, project in enumerate(_projects()):
        if tried >= _COUNT:
            break
        before = _closures(project, render(project))
        reached = {part.name: project.reached(part.name) for part in project.experiments()}
        for kind, name, changed in meaning_changes(project):
            tried += 1
            felt = _changed(before, _closures(changed, render(changed)))
            due = {experiment for experiment, parts in reached.items() if name in parts}
            wrong += [f"seed {seed}: {kind} of {name} is not felt by {missed}" for missed in sorted(due - felt)]
            wrong += [f"seed {seed}: {kind} of {name} is felt by {false}" for false in sorted(felt - due)]
    assert not wrong, f"{len(wrong)} of {tried} edits:\n" + "\n".join(wrong[:20])


def test_another_spelling_is_felt_by_nobody() -> None:
    tried = 0
    wrong: list[str] = []
    for seed, project in enumerate(_projects()):
        if tried >= _COUNT:
            break
        before = _closures(project, render(project))
        for kind, files in rewritings(project, random.Random(seed)):
            tried += 1
            felt = _changed(before, _closures(project, files))
            wrong += [f"seed {seed}: {kind} is felt by {name}" for name in sorted(felt)]
    assert not wrong, f"{len(wrong)} of {tried} edits:\n" + "\n".join(wrong[:20])


def test_every_kind_of_edit_is_tried_and_the_projects_parse() -> None:
    projects = [random_project(seed) for seed in range(30)]
    kinds = {kind for project in projects for kind, _, _ in meaning_changes(project)}
    assert kinds == {
        *("constant", "operator", "default", "condition", "call removed", "keyword", "call target", "decorator"),
        "base class",
    }
    for project in projects:
        for name, text in render(project).items():
            compile(text, name, "exec")
