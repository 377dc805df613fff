"""The static side of the identity vectors: predicted exactly, or dynamic with a reason; never wrong."""

import json
from functools import lru_cache
from pathlib import Path

import pytest

from huldra.experiments.discover import discover_experiments
from huldra.experiments.model import Experiments
from huldra.facts.collect import collect_facts
from huldra.formats.identity import canonical_json
from huldra.project.link import link_project
from huldra.project.modules import build_module_table

VECTORS = Path(__file__).parent.parent / "vectors"
DATA = json.loads((VECTORS / "identity.json").read_text())
HASHES = [vector for vector in DATA["vectors"] if "hash" in vector]
ERRORS = [vector for vector in DATA["vectors"] if "hash" not in vector]
DYNAMIC = {
    # A datetime without a zone hashes by the local time of the process that builds it.
    "TimeNode(at=datetime.datetime(2024, 1, 2, 3, 4, 5))",
    "TimeNode(at=datetime.datetime(2024, 7, 2, 3, 4, 5), until=datetime.datetime(2024, 7, 2, tzinfo=timezone.utc))",
}


@lru_cache
def predict(expression: str) -> tuple[Experiments, int]:
    """What the engine makes of one expression after the vectors' prelude, and the line the expression stands at."""
    files = {str(p.relative_to(VECTORS)): p.read_text() for p in VECTORS.glob("vectors_pkg/**/*.py")}
    files["case.py"] = f"{DATA['prelude']}\nvalue = {expression}\n"
    facts = {name: collect_facts(text) for name, text in files.items()}
    project = link_project(build_module_table(files, [""]), facts, tuple(sorted(files)))
    return discover_experiments(project), files["case.py"].count("\n")


def built(vector: dict[str, object]) -> list[str]:
    """The canonical texts of the vector's class that its line builds, as the last and outermost thing."""
    found, line = predict(str(vector["expr"]))
    at_line = [
        x for x in found.by_key.values() if any(s.place.file == "case.py" and s.place.line == line for s in x.sites)
    ]
    return [canonical_json(x.config) for x in at_line if x.config.class_name == vector["class"]]


@pytest.mark.parametrize("vector", HASHES, ids=lambda v: v["id"])
def test_hash_is_exact_or_dynamic(vector: dict[str, object]) -> None:
    found, line = predict(str(vector["expr"]))
    dynamic = [site for site in found.dynamic if site.place.file == "case.py" and site.place.line == line]
    if vector["expr"] in DYNAMIC:
        assert dynamic
        assert "zone" in dynamic[0].doubts[0].cause.reason
        return
    if ".by_name(" in str(vector["expr"]) or ".all(" in str(vector["expr"]):
        # The line looks an entry up; the entry itself is built in the collection's body.
        assert f"{vector['class']}/{vector['hash']}" in found.by_key
        return
    assert not dynamic, dynamic
    assert vector["canonical_json"] in built(vector)
    assert f"{vector['class']}/{vector['hash']}" in found.by_key
    assert found.by_key[f"{vector['class']}/{vector['hash']}"].path == vector["dir"]


@pytest.mark.parametrize("vector", ERRORS, ids=lambda v: v["id"])
def test_what_raises_is_no_experiment(vector: dict[str, object]) -> None:
    found, line = predict(str(vector["expr"]))
    assert built(vector) == []
    assert any(problem.place.line == line and problem.code.startswith("HUL1") for problem in found.problems)
