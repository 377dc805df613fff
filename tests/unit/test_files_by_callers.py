"""Files that a helper reads by names which its callers hand over: some are values of the config, some texts in code."""

import pytest

from huldra.comparison.code_changes import code_changes
from huldra.comparison.files_by_value import FilesByValue
from huldra.fingerprints.data_files import DataListing, with_named_files
from tests.harness.code_states import closure_of

PROMPTS = """from pathlib import Path

PROMPTS = Path(__file__).parent / "prompts"
JUDGE = "judge"
CHOICES = {"qa": 1, "other": 2}


def load(name):
    return (PROMPTS / f"{name}.txt").read_text()


def checked(name, kind="cot"):
    return load(name) if kind in CHOICES else ""
"""
EXP = """import huldra
from prompts import CHOICES, JUDGE, checked, load


class Run(huldra.Huldra[str]):
    prompt: str = "qa"
    is_hard: bool = False

    def _create(self):
        return load(self.prompt) + CHECKED
"""
FILES = ("prompts/qa.txt", "prompts/judge.txt", "prompts/cot.txt", "prompts/other.txt", "prompts/judge/hard.txt")


@pytest.mark.parametrize(
    ("expression", "counts"),
    [
        ('""', ["qa"]),
        ('load("judge")', ["judge", "qa"]),
        ("load(JUDGE)", ["judge", "qa"]),
        ("load(name=JUDGE)", ["judge", "qa"]),
        ('load("judge/hard" if self.is_hard else "cot")', ["cot", "judge/hard", "qa"]),
        ("load(self.prompt or JUDGE)", ["judge", "qa"]),
        ("checked(self.prompt)", ["cot", "qa"]),
        ('str(CHOICES["other"])', ["qa"]),
        ('str(self.prompt == "other")', ["qa"]),
    ],
)
def test_files_that_texts_in_code_name_count_beside_those_of_values(expression: str, counts: list[str]) -> None:
    closure = closure_of({"exp.py": EXP.replace("CHECKED", expression), "prompts.py": PROMPTS})
    then, now = (DataListing(dict.fromkeys(FILES, content)) for content in "12")
    told = FilesByValue(closure, then, now, "exp.Run").told({"prompt": "qa", "is_hard": False}, lambda _: False)
    names = sorted(change.definition.removeprefix("prompts/").removesuffix(".txt") for change in told.changes)
    assert names == counts
    assert not any(change.is_certain for change in told.changes)


@pytest.mark.parametrize(
    ("expression", "counts"),
    [
        ("(DATA / self.series).with_suffix('.json')", ["sales.json"]),
        ("(DATA / 'fixed.txt').with_suffix('.json')", ["fixed.json"]),
        ("(DATA / 'fixed').with_suffix('.json')", ["fixed.json"]),
        ("(DATA / 'other').with_name(f'{self.series}.json')", ["sales.json"]),
        ("DATA.joinpath(self.series + '.json')", ["sales.json"]),
    ],
)
def test_a_path_that_gets_another_suffix_or_name(expression: str, counts: list[str]) -> None:
    code = f"""from pathlib import Path

import huldra

DATA = Path(__file__).parent / "series"


class Run(huldra.Huldra[str]):
    series: str = "sales"

    def _create(self):
        return {expression}.read_text()
"""
    closure = closure_of({"exp.py": code})
    names = ("series/sales.json", "series/fixed.json", "series/other.json", "series/sales.txt")
    then, now = (DataListing(dict.fromkeys(names, content)) for content in "12")
    told = FilesByValue(closure, then, now, "exp.Run").told({"series": "sales"}, lambda _: False)
    plain = code_changes(with_named_files(closure, then), with_named_files(closure, now))
    found = sorted(change.definition for change in (*told.changes, *plain))
    assert found == [f"series/{name}" for name in counts]


@pytest.mark.parametrize(
    ("code", "counts"),
    [
        ('open(HERE.with_suffix(".yaml"))', ["exp.yaml"]),
        ('open(NAME + ".yaml")', ["exp.yaml"]),
        ('open(f"{NAME}.json")', []),
        ('open(TOP / "conf" / f"{self.series}.yaml")', ["conf/sales.yaml"]),
        # A suffix that is added later.
        ('name = self.series; name += ".csv"; open(SERIES / name)', ["series/sales.csv"]),
        ('path = SERIES; path /= self.series; path.with_suffix(".csv").open()', ["series/sales.csv"]),
        ('path = SERIES / self.series; path.with_suffix(".csv").open("w")', []),
        ('total = 1; total += self.series; open("series/sales.txt")', []),
    ],
)
def test_a_name_that_is_put_together_in_several_statements(code: str, counts: list[str]) -> None:
    text = f"""import os
from pathlib import Path

import huldra

HERE = Path(__file__).resolve()
NAME, _ = os.path.splitext(os.path.basename(__file__))
TOP = Path(__file__).parent
SERIES = TOP / "series"


class Run(huldra.Huldra[str]):
    series: str = "sales"

    def _create(self):
        {code}
"""
    closure = closure_of({"exp.py": text})
    names = ("exp.yaml", "other.yaml", "conf/sales.yaml", "series/sales.csv", "series/other.csv", "series/exp.csv")
    then, now = (DataListing(dict.fromkeys(names, content)) for content in "12")
    told = FilesByValue(closure, then, now, "exp.Run").told({"series": "sales"}, lambda _: False)
    plain = code_changes(with_named_files(closure, then), with_named_files(closure, now))
    assert sorted(change.definition for change in (*told.changes, *plain)) == counts


@pytest.mark.parametrize(
    ("expression", "counts"),
    [
        ('asset("labels", f"{self.lang}.txt")', ["lab/assets/labels/en.txt"]),
        ('asset("labels", self.lang, "words.txt")', ["lab/assets/labels/en/words.txt"]),
        ('asset("labels") / f"{self.lang}.txt"', ["lab/assets/labels/en.txt"]),
        ('asset(self.lang, "words.txt")', []),
        ('asset("labels", self.lang)', []),
        ('score("labels") / self.lang', []),
    ],
)
def test_values_among_the_parts_that_a_helper_joins(expression: str, counts: list[str]) -> None:
    helper = (
        'from pathlib import Path\n\nASSETS = Path(__file__).parent / "assets"\n\n\ndef asset(*parts):\n    return '
    )
    code = f"""import huldra
from lab.paths import asset, score


class Run(huldra.Huldra[str]):
    lang: str = "en"

    def _create(self):
        return {expression}
"""
    paths = f"{helper}ASSETS.joinpath(*parts)\n\n\ndef score(name):\n    return 1\n"
    closure = closure_of({"exp.py": code, "lab/__init__.py": "", "lab/paths.py": paths})
    names = [f"lab/assets/labels/{name}" for name in ("en.txt", "de.txt", "en/words.txt", "de/words.txt", "words.txt")]
    then, now = (DataListing(dict.fromkeys(names, content)) for content in "12")
    told = FilesByValue(closure, then, now, "exp.Run").told({"lang": "en"}, lambda _: False)
    plain = code_changes(with_named_files(closure, then), with_named_files(closure, now))
    assert sorted(change.definition for change in (*told.changes, *plain)) == counts


BESIDE = """import os
from pathlib import Path

ROOT = Path(__file__).parent
DATA = os.path.join(os.path.dirname(__file__), "we")
SUB = "we"
EXT = ".txt"
SUFFIX = "txt"
"""
LOADS = """import huldra
import lib


class Run(huldra.Huldra[str]):
    def _create(self):
        return lib.load("fr")
"""
READER = """def load(n):
    return Reader().read(n)


class Base:
    sub = "no"
    ext = ".no"

    def read(self, n):
        return PATH.read_text()


class Reader(Base):
    sub = "we"
    ext = ".txt"
"""


@pytest.mark.parametrize(
    "function",
    [
        'def load(n): return (ROOT / "we" / f"{n}{EXT}").read_text()',
        'def load(n): return (ROOT / "we" / f"{n}.{SUFFIX}").read_text()',
        "def load(n): return (Path(__file__).parent / SUB / (n + EXT)).read_text()",
        'def load(n, ext=".txt"): return open(os.path.join(DATA, n + ext)).read()',
        'def load(n, *, ext="txt"): return open(os.path.join(DATA, "{}.{}".format(n, ext))).read()',
        'def load(n): return open(os.path.join(DATA, "%s%s" % (n, EXT))).read()',
        "def load(n): return (ROOT / SUB / n).with_suffix(EXT).read_text()",
        'def load(n):\n    ext = ".txt"\n    return (ROOT / SUB / (n + ext)).read_text()',
        'def load(n): return read("we", n)\ndef read(d, n): return open(f"{ROOT}/{d}/{n}.txt").read()',
        'def load(n): return read("we", n)\ndef read(d, n): return open(str(ROOT) + "/" + d + f"/{n}{EXT}").read()',
        'def load(n, d="we"): return open(f"{os.path.dirname(__file__)}/{d}/{n}.txt").read()',
        'def load(n, d="we"): return open(os.path.dirname(__file__) + f"/{d}/{n}.txt").read()',
        READER.replace("PATH", "(ROOT / self.sub / (n + self.ext))"),
        READER.replace("PATH", 'Path(f"{ROOT}/{self.sub}/{n}{self.ext}")'),
    ],
)
def test_constants_and_defaults_may_be_parts_of_a_name(function: str) -> None:
    closure = closure_of({"exp.py": LOADS, "lib.py": f"{BESIDE}{function}\n"})
    files = ("we/fr.txt", "we/de.txt", "we/fr.csv", "no/fr.txt", "fr.txt")
    then, now = (DataListing(dict.fromkeys(files, content)) for content in "12")
    told = FilesByValue(closure, then, now, "exp.Run").told({}, lambda _: False)
    assert "we/fr.txt" in [change.definition for change in told.changes]
    assert not {"we/de.txt", "we/fr.csv"} & {change.definition for change in told.changes}


@pytest.mark.parametrize(
    "function",
    [
        'def load(n): return (ROOT / "we" / f"{n}{EXT}").write_text("")',
        "def load(n): return (ROOT / SUB / n).with_suffix(EXT).write_text('')",
        'def load(n, EXT): return (ROOT / f"{n}{EXT}").read_text()',
        'def load(n):\n    ext = ".txt"\n    ext = str(n)\n    return (ROOT / (n + ext)).read_text()',
        'ENDING = ".csv"\ndef load(n): return (ROOT / "we" / f"{n}{ENDING}").read_text()',
    ],
)
def test_what_is_no_part_of_a_name_that_is_read(function: str) -> None:
    closure = closure_of({"exp.py": LOADS, "lib.py": f"{BESIDE}{function}\n"})
    then, now = (DataListing({"we/fr.txt": content}) for content in "12")
    assert FilesByValue(closure, then, now, "exp.Run").told({}, lambda _: False).changes == ()
