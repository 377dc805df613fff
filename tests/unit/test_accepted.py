"""What the ledger of accepted changes means: one change exactly, and no other after it."""

from pathlib import Path

import pytest

from huldra.analysis.accepted_file import accepted_text, parse_accepted
from huldra.comparison.accepted import Accepted, AcceptedChange, change_key
from huldra.sources.toml_files import SettingsError
from tests.harness.code_states import changes_between

RUN = "exp.Run"
EXPERIMENT = """import huldra
from helpers import clean


class Run(huldra.Huldra[int]):
    seed: int = 0

    def _create(self) -> int:
        return clean(self.seed) + self.more()

    def more(self):
        return 1
"""
THEN = {"exp.py": EXPERIMENT, "helpers.py": "def clean(x):\n    return x\n"}
NOW = {
    "exp.py": EXPERIMENT,
    "helpers.py": "def fast(x):\n    return x\n\n\ndef clean(x):\n    return fast(x)\n",
}


def ledger_of(then: dict[str, str], now: dict[str, str]) -> Accepted:
    changes = changes_between(then, now)
    assert changes
    return Accepted(AcceptedChange(*change_key(RUN, change), "same", "2026-03-04") for change in changes)


def is_accepted(ledger: Accepted, then: dict[str, str], now: dict[str, str]) -> bool:
    return all(ledger(RUN, change) for change in changes_between(then, now))


def test_a_change_is_accepted_for_its_class_and_no_other():
    ledger = ledger_of(THEN, NOW)
    assert is_accepted(ledger, THEN, NOW)
    (change,) = changes_between(THEN, NOW)
    assert not ledger("exp.Other", change)
    assert not Accepted()(RUN, change)


def test_there_and_back_is_another_change():
    assert not is_accepted(ledger_of(THEN, NOW), NOW, THEN)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return fast(x)", "return fast(x) + 1"),
        ("return x", "return x + 1"),  # only what is new is edited: nothing of `then` can be compared with it
        ("def fast(x):\n    return x", "from numpy import fast"),
        ("return x\n", "return deeper(x)\n\n\ndef deeper(x):\n    return -x\n"),
    ],
)
def test_an_entry_lapses_at_the_next_change_however_deep(old, new):
    later = {**NOW, "helpers.py": NOW["helpers.py"].replace(old, new)}
    assert later != NOW
    assert not is_accepted(ledger_of(THEN, NOW), THEN, later)


@pytest.mark.parametrize("call", ["self.other()", "getattr([self][0], 'other')()", "[self][0].other()"])
def test_a_method_that_only_the_change_calls_belongs_to_it(call):
    calls = EXPERIMENT.replace("self.more()", call)
    now = {**THEN, "exp.py": f"{calls}\n    def other(self):\n        return 5\n"}
    later = {**THEN, "exp.py": f"{calls}\n    def other(self):\n        return 6\n"}
    assert is_accepted(ledger_of(THEN, now), THEN, now)
    assert not is_accepted(ledger_of(THEN, now), THEN, later)


def test_a_name_that_leads_elsewhere_lapses_when_it_leads_elsewhere_again():
    def importing(module: str) -> dict[str, str]:
        return {"exp.py": EXPERIMENT.replace("from helpers import clean", f"from {module} import clean")}

    assert is_accepted(ledger_of(importing("numpy"), importing("scipy")), importing("numpy"), importing("scipy"))
    assert not is_accepted(ledger_of(importing("numpy"), importing("scipy")), importing("numpy"), importing("torch"))


@pytest.mark.parametrize(
    "later",
    [
        NOW["helpers.py"].replace("def clean(x):", 'def clean(x):\n    """Cleans."""'),
        NOW["helpers.py"] + "\n\ndef unrelated():\n    return 1\n",
        NOW["helpers.py"].replace("(x)", "(value)").replace("return x", "return value"),
    ],
)
def test_what_is_no_change_leaves_an_entry_alive(later):
    assert is_accepted(ledger_of(THEN, NOW), THEN, {**NOW, "helpers.py": later})


def test_a_further_change_of_something_else_is_not_covered():
    later = {**NOW, "exp.py": EXPERIMENT.replace("return 1", "return 2")}
    assert [change.definition for change in changes_between(THEN, later) if not ledger_of(THEN, NOW)(RUN, change)] == [
        "exp.Run.more"
    ]


ENTRIES = (
    AcceptedChange("b.B", "b.f", "11", "22", 'it is "only" a log\n\x7f', "2026-03-04"),
    AcceptedChange("a.A", "a.f", "11", "-", "gone, and never used", "2026-03-05"),
)


def test_the_text_is_sorted_with_one_line_for_each():
    text = accepted_text(ENTRIES)
    assert text == accepted_text(reversed(ENTRIES))
    lines = [line for line in text.splitlines() if line.startswith("    ")]
    assert lines[0] == (
        '    { class = "a.A", definition = "a.f", then = "11", now = "-", '
        'reason = "gone, and never used", on = "2026-03-05" },'
    )
    assert len(lines) == 2
    assert parse_accepted(text, Path("x")) == tuple(sorted(ENTRIES))


def test_what_two_branches_have_both_added_is_one_entry():
    head, end = accepted_text(ENTRIES[:1]).splitlines(), "]"
    (line,) = (line for line in head if line.startswith("    "))
    again = line.replace("2026-03-04", "2026-04-04")
    merged = "\n".join([*head[:-1], again, end, ""])
    assert parse_accepted(merged, Path("x")) == ENTRIES[:1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("version = 2\naccepted = []", "x.toml:1: is no ledger of version 1"),
        ("version = 1", "x.toml: is no ledger: `accepted` is not a list"),
        ('version = 1\naccepted = ["a"]', "x.toml:2: entry 1 of `accepted` must have exactly the keys"),
        (accepted_text(ENTRIES).replace('"11"', "11"), "entry 1 of `accepted` must hold strings only"),
        ("version = 1\n<<<<<<< HEAD\n", "x.toml:2: is not valid TOML"),
    ],
)
def test_a_ledger_that_cannot_be_used_is_said_with_its_line(text, words):
    with pytest.raises(SettingsError) as caught:
        parse_accepted(text, Path("x.toml"))
    assert str(caught.value).startswith(words) or words in str(caught.value)
