"""Fifty modules of class rules, statically: the field table, or the error that importing them raises."""

import json
from pathlib import Path

import pytest

from huldra.experiments.discover import discover_experiments
from huldra.facts.collect import collect_facts
from huldra.formats.identity import canonical_json
from huldra.project.definition_errors import definition_error
from huldra.project.link import Project, link_project
from huldra.project.modules import build_module_table

CASES = json.loads((Path(__file__).parent.parent / "vectors" / "class_rules.json").read_text())["cases"]


def link(case: dict[str, str], extra: str = "") -> Project:
    file = f"{case['module']}.py"
    files = {file: case["source"], "case.py": f"from {case['module']} import K\nvalue = K()\n{extra}"}
    facts = {name: collect_facts(text) for name, text in files.items()}
    return link_project(build_module_table(files, [""]), facts, tuple(sorted(files)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']} {case['title']}")
def test_rule(case: dict) -> None:
    project = link(case)
    name = f"{case['module']}.K"
    found = discover_experiments(project)
    error = definition_error(name, project.tables, project.symbols)
    if "import_error" in case:
        assert error is not None
        assert error.error_type == case["import_error"]["type"]
        assert not found.by_key
        return
    assert error is None
    table = project.tables.table(name)
    assert [(f.name, f.is_required, f.factory is not None, bool(f.munger or f.converter)) for f in table.values()] == [
        (f["name"], f["required"], f["default_factory"], f["munged"]) for f in case["fields"]
    ]
    assert project.tables.is_version_controlled(name) == case["version_controlled"]
    built = [e for e in found.by_key.values() if e.config.class_name == name]
    if "default_instance_error" in case:
        assert built == []
        return
    assert [(canonical_json(e.config), e.digest) for e in built] == [
        (case["default_instance"]["canonical_json"], case["default_instance"]["hash"])
    ]
