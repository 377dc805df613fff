"""`huldra lens`: the lenses of an editor, without one."""

import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Huldra

SITES = "toytext/experiments.py"


def test_the_lenses_of_a_file(huldra: Huldra, toytext: Path) -> None:
    answer = huldra("lens", SITES, at=toytext)
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0].startswith(f"{SITES}:11  ✓ current · ")
    assert f"{SITES}:11  Rerun" in lines[1]
    data = json.loads(huldra("lens", SITES, "--format", "json", at=toytext).out)
    rows = {(row["line"], row["title"]): row for row in data["lenses"]}
    assert rows[46, "Run"]["command"] == "huldra.rerun"
    assert rows[26, "Rerun 2 stale (< 1 min)"]["command"] == "huldra.rerun"
    assert rows[26, "1/3 done · 2 stale"]["selector"].startswith(f"sweep {SITES}:26 ")


def test_a_lens_is_executed_by_the_beginning_of_its_title(huldra: Huldra, toytext: Path) -> None:
    answer = huldra("lens", SITES, "--exec", "23", "why is", at=toytext)
    assert answer.code == 0
    assert "toytext.train.Averaged._create changed" in answer.out
    assert "```diff" in answer.out
    table = huldra("lens", SITES, "--exec", "26", "1/3", at=toytext).out
    assert table.count("| Evaluate `") == 3
    assert "LogReg(" in huldra("lens", SITES, "--exec", "20", "copy python", at=toytext).out


def test_what_is_not_there(huldra: Huldra, toytext: Path) -> None:
    answer = huldra("lens", SITES, "--exec", "1", "Rerun", at=toytext)
    assert (answer.code, answer.out) == (2, "")
    assert "has no lens or action" in answer.err
    assert huldra("lens", "nowhere.py", at=toytext).code == 2
    assert "builds no experiment" in huldra("lens", "toytext/__init__.py", at=toytext).err


def test_a_rerun_is_a_plan_first(huldra: Huldra, toytext: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    stale = "Rerun what is not current"
    plan = huldra("lens", SITES, "--exec", "26", "Rerun 2", "--dry-run", "--format", "json", at=toytext)
    assert plan.code == 0
    steps = json.loads(plan.out)["steps"]
    assert [step["hash"][:8] for step in steps] == ["33b45696", "bafedd22"]
    refused = huldra("lens", SITES, "--exec", "26", stale, at=toytext)
    assert refused.code == 2
    assert refused.out.startswith("2 experiments to make\n")
    assert "nothing was started: say --yes" in refused.err
    assert huldra("rerun", f"{SITES}:26", "--stale", at=toytext).out == refused.out


def test_what_needs_an_editor_says_what_a_terminal_has(huldra: Huldra, toytext: Path) -> None:
    answer = huldra("lens", SITES, "--exec", "23", "Accept", at=toytext)
    assert (answer.code, answer.out) == (2, "")
    accept = "huldra accept toytext.train.Averaged/1843a85f5679854d4b05 --reason ..."
    assert answer.err.endswith(f"is huldra.accept, which needs an editor; in a terminal: {accept}\n")
