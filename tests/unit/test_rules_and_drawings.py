"""Names of any kind survive in DOT and Mermaid; and what the rules' table must hold."""

import re
from pathlib import Path

import pytest

import huldra.features
from huldra.analysis.host import open_workspace, take_snapshot
from huldra.exports.dot import dot_text, quoted
from huldra.exports.mermaid import escaped, mermaid_text
from huldra.features.chosen_problems import OPT_IN, OPT_IN_TO_CHECK, Choice, is_selected, problem_choice
from huldra.features.dependency_graph import DependencyGraph, GraphEdge, GraphNode
from huldra.features.rules import RULES
from huldra.features.short_names import no_such, short_names
from huldra.sources.settings import Settings

SOURCE = Path(huldra.features.__path__[0]).parent


@pytest.mark.parametrize(
    ("text", "in_dot", "in_mermaid"),
    [
        ('a"b', '"a\\"b"', "a#34;b"),
        ("a\\n", '"a\\\\n"', "a#92;n"),
        ("two\nlines", '"two\\nlines"', "two#10;lines"),
        ("Größe.日本", '"Größe.日本"', "Größe.日本"),
        ("x[0] <b> #1; `end`", '"x[0] <b> #1; `end`"', "x#91;0#93; #60;b#62; #35;1#59; #96;end#96;"),
    ],
)
def test_escaping(text, in_dot, in_mermaid):
    assert quoted(text) == in_dot
    assert escaped(text) == in_mermaid


def test_a_graph_of_odd_names():
    nodes = (
        GraphNode("end", (), "code", None),
        GraphNode('m.X/a"b', (("stale", 1),), "store", None),
    )
    graph = DependencyGraph(
        "experiments", (), nodes, (GraphEdge('m.X/a"b', "end", ("field d['k\"']",), "both"),), ('m.X/a"b',)
    )
    assert '  "m.X/a\\"b" -> "end" [label="d[\'k\\"\']", style="solid"];' in dot_text(graph)
    assert '  n1["X a#34;b<br/>stale"]:::stale' in mermaid_text(graph)
    assert '  n1 -->|"d#91;#39;k#34;#39;#93;"| n0' in mermaid_text(graph)


def test_every_code_that_is_reported_has_a_page():
    files = [path for path in SOURCE.rglob("*.py") if not path.name.endswith("rules.py")]
    reported = {code for path in files for code in re.findall(r"\"(HUL\d{3})\"", path.read_text(encoding="utf-8"))}
    assert reported == set(RULES)
    assert list(RULES) == sorted(RULES)
    assert len({rule.name for rule in RULES.values()}) == len(RULES)


def test_what_is_judged_without_being_selected_is_what_the_documentation_says():
    text = (SOURCE.parents[1] / "docs" / "check.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| `HUL")]
    said = [[re.findall(r"HUL\d{3}", cell) for cell in row[2:]] for row in rows]
    assert {code for judged, _ in said for code in judged} == {
        code for code in RULES if is_judged(code, OPT_IN_TO_CHECK)
    }
    assert sorted(code for row in said for codes in row for code in codes) == list(RULES)
    assert all(code.startswith(row[0].strip("`")) for row, (a, b) in zip(rows, said, strict=True) for code in (*a, *b))
    told = {code for code in RULES if not is_judged(code, OPT_IN)}
    assert told == {"HUL401", "HUL402", "HUL403", "HUL404", "HUL406"}


def is_judged(code: str, opt_in: tuple[str, ...]) -> bool:
    choice = problem_choice(Settings(), (), (), opt_in)
    assert isinstance(choice, Choice)
    return is_selected(code, choice)


def test_short_names():
    names = ("a.b.C", "a.d.C", "a.E", "E")
    assert short_names(names) == {"a.b.C": "b.C", "a.d.C": "d.C", "a.E": "a.E", "E": "E"}


def test_nearest():
    assert no_such("class", "Trian", ("lab.Train", "lab.Test")).nearest[0] == "lab.Train"
    assert no_such("class", "zzz", ("lab.Train",)).message == "there is no class 'zzz'"


BEFORE = (
    "import huldra\n\n\nclass {name}(huldra.Huldra[float]):\n    lr: float = huldra.chz.field(default=0.1)\n"
    "    schedule: object = huldra.chz.field(default=None)\n"
    "    def _create(self): ...\n    def _load(self): ...\n\n\n"
)
BODY = "\n    def _create(self): ...\n    def _load(self): ...\n"


@pytest.mark.parametrize(
    "code",
    [
        *("HUL001", "HUL003", "HUL101", "HUL102", "HUL103", "HUL104", "HUL105", "HUL106", "HUL107", "HUL108", "HUL109"),
        *("HUL405", "HUL501", "HUL502", "HUL503", "HUL504"),
    ],
)
def test_the_example_of_a_page_has_its_problem(code, tmp_path):
    example = RULES[code].example
    # A class of one line is shortened for the reader; the real one has the methods that keep it from being abstract.
    example = re.sub(
        r"( *)(class Train\(.*?\)): \.\.\.", r"\1\2:\n\1    def _create(self): ...\n\1    def _load(self): ...", example
    )
    if code in {"HUL104", "HUL107"}:
        example = re.sub(r"\n\n", f"{BODY}\n", example, count=1)
    defines = "class Train" in example
    (tmp_path / "pyproject.toml").write_text("")
    call = "make()\n" if code == "HUL102" else ""
    (tmp_path / "lab.py").write_text(f"{BEFORE.format(name='Other' if defines else 'Train')}{example}\n{call}")
    snapshot = take_snapshot(open_workspace(tmp_path))
    assert code in {problem.code for problem in snapshot.problems}
