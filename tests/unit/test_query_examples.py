"""Every example of docs/query.md, asked of the runs that stand there."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from huldra.stored_runs.liveness import ATTEMPT_VERDICTS
from huldra.stored_runs.query.evaluate import Scope, matches, names_run
from huldra.stored_runs.query.expressions import All, Compare, Not, QueryFault, Related, conditions
from huldra.stored_runs.query.fields import ATTEMPT_VERDICT, FIELDS
from huldra.stored_runs.query.operands import OPERATORS_OF
from huldra.stored_runs.query.parse import parse_query
from huldra.stored_runs.query.planning import plan_query

DOCUMENT = Path(__file__).parents[2] / "docs" / "query.md"
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def tables():
    """Return the tables of the document by their first heading."""
    found, table = {}, None
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            table = None
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")] if "\\|" not in line else None
        assert cells, line
        if table is None:
            table = found.setdefault(cells[0], [])
        elif not cells[0].startswith("---"):
            table.append(cells)
    return found


TABLES = tables()


class DocumentRow:
    """A run of the document."""

    def __init__(self, name, values):
        self.path = name
        self.config = values.pop("config")
        self._values = values
        assert set(values) <= set(FIELDS)

    def value(self, name):
        if name == ATTEMPT_VERDICT.name:
            verdict = self._values["verdict"]
            return verdict if verdict in ATTEMPT_VERDICTS else ""
        found = self._values.get(name)
        match FIELDS[name].kind:
            case "time":
                return None if found is None else datetime.fromisoformat(found).replace(tzinfo=UTC).timestamp()
            case "list" | "runs":
                return tuple(found or ())
            case "boolean":
                return bool(found)
        return found

    @property
    def key(self):
        return f"{self.value('class')}/{self.value('hash')}"


ROWS = [DocumentRow(name, json.loads(text.strip("`"))) for name, text in TABLES["run"]]
EXAMPLES = [(query.strip("`"), finds.split()) for query, finds, _ in TABLES["query"]]


def reached(related):
    """Return the paths that a graph condition selects: the slow and plain way."""
    above = {row.key: set(row.value("depends_on")) for row in ROWS}
    found = {row.key for row in ROWS if names_run(row.key, related.run)}
    result = set(found)
    for steps, follow in (
        (related.upstream, lambda key: above[key]),
        (related.downstream, lambda key: {other for other in above if key in above[other]}),
    ):
        edge = set(found)
        for _ in range(99 if steps is None else steps):
            edge = {other for key in edge for other in follow(key)}
            result |= edge
    return frozenset(row.path for row in ROWS if row.key in result)


@pytest.mark.parametrize(("query", "expected"), EXAMPLES, ids=[query or "(empty)" for query, _ in EXAMPLES])
def test_an_example_finds_what_the_document_says(query, expected):
    tree = parse_query(query, NOW)
    assert not isinstance(tree, QueryFault), tree
    corpora = frozenset({"lab.data.Corpus", "lab.data.Base"})
    related = {part: reached(part) for part in conditions(tree) if isinstance(part, Related)}
    scope = Scope({"lab.data.Base": corpora, "Base": corpora}, related)
    assert [row.path for row in ROWS if matches(tree, row, scope)] == expected


@pytest.mark.parametrize(("query", "expected"), EXAMPLES, ids=[query or "(empty)" for query, _ in EXAMPLES])
def test_the_planned_query_has_the_same_answers(query, expected):
    tree = parse_query(query, NOW)
    assert not isinstance(tree, QueryFault), tree
    corpora = frozenset({"lab.data.Corpus", "lab.data.Base"})
    related = {part: reached(part) for part in conditions(tree) if isinstance(part, Related)}
    scope = Scope({"lab.data.Base": corpora, "Base": corpora}, related)
    plan = plan_query(tree)
    found = [row.path for row in ROWS if matches(plan.of_directory, row, scope) and matches(plan.rest, row, scope)]
    assert found == expected


def test_what_a_plan_asks_first():
    plan = plan_query(parse_query("is stale and config.lr > 1 and class == Train and size > 1 and user == x", NOW))
    assert plan.of_directory == All((parse_query("class == Train", NOW),))
    asked = [part.field.name for part in plan.rest.parts]
    assert asked == ["user", "config.lr", "verdict", "size"]
    failed = plan_query(parse_query("not is failed", NOW)).rest
    assert failed == All((Not(Compare(ATTEMPT_VERDICT, "==", parse_query("is failed", NOW).operands)),))


def test_the_document_names_every_field_and_operator():
    described = " ".join(cells[0] for cells in TABLES["field"])
    assert [name for name in FIELDS if f"`{name}`" not in described] == []
    written = " ".join(cells[0] for cells in TABLES["written"])
    assert [operator for operators in OPERATORS_OF.values() for operator in operators if operator not in written] == []


def test_the_document_names_every_choice():
    described = {cells[0].strip("`"): cells[1] for cells in TABLES["field"]}
    for name, info in FIELDS.items():
        assert [choice for choice in info.choices if f"`{choice}`" not in described[name]] == []


def test_every_field_and_operator_has_an_example():
    text = " ".join(query for query, _ in EXAMPLES)
    unasked = {"path", "certainty", "note", "referenced", "status", "attempts", "ended"}
    unasked |= {"host", "backend", "command", "branch", "result"}
    assert {name for name in FIELDS if name not in text} <= unasked
