"""Files that are no code: which texts in code name one, where it is looked for, and what it means when it changes."""

import pytest

from huldra.comparison.code_changes import code_changes
from huldra.facts.collect import collect_facts
from huldra.fingerprints.data_files import DataListing, UnknownContent, with_named_files
from huldra.fingerprints.file_names import FileMention, file_mentions, is_file_name
from tests.harness.code_states import changes_of_files, closure_of


def mentions(code: str) -> list[str]:
    return [m.text for m in found_in(code) if not m.is_run]


def found_in(code: str) -> tuple[FileMention, ...]:
    facts = collect_facts(code)
    return file_mentions(s for piece in facts.pieces for s in piece.facts.statements)


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ('open("a.txt").read()', ["a.txt"]),
        ('open("a.txt", "rb")', ["a.txt"]),
        ('open("a.txt", mode="r", encoding="utf-8")', ["a.txt"]),
        ('Path("prompts") / "system.txt"', ["prompts/system.txt"]),
        ('Path("prompts", "system.txt")', ["prompts/system.txt"]),
        ('Path(__file__).parent / "a" / "b.yaml"', ["a/b.yaml"]),
        ('HERE.joinpath("a", "b.yaml").read_bytes()', ["a/b.yaml"]),
        ('os.path.join(HERE, "a", "b.yaml")', ["a/b.yaml"]),
        ('ROOT / name / "b.yaml"', ["b.yaml", "{}/b.yaml"]),
        ('ROOT / "a" / name / "b.yaml"', ["a", "b.yaml", "a/{}/b.yaml"]),
        ('load("./a.csv")', ["./a.csv"]),
        ('load("conf" "/a.csv")', ["conf/a.csv"]),
        ('load(names=["a.csv", "b.csv"])', ["a.csv", "b.csv"]),
        ('files("lab.prompts").joinpath("x.j2")', ["lab.prompts", "x.j2"]),
        # Without a suffix, at the end of a path.
        ('(HERE / "VERSION").read_text()', ["VERSION", "././VERSION"]),
        ('Path(__file__).with_name("VERSION")', ["VERSION", "././VERSION"]),
        ('Path("VERSION").read_text()', ["VERSION", "././VERSION"]),
        ('open("VERSION").read()', ["././VERSION", "VERSION"]),
        ('Path(self.folder, "VERSION")', ["VERSION", "././VERSION", "{}/VERSION"]),
        ('open("VERSION", "w")', []),
        ('(HERE / "VERSION").write_text("1")', []),
        ('self.raw_dir / "VERSION"', []),
        ('(HERE / "LICENSE").read_text()', []),
        ('load("VERSION")', ["VERSION"]),
        ('HERE / "prompts" / name', ["prompts", "prompts/{}"]),
        # What a function is given, which may join it.
        ('asset("labels", "en.txt")', ["labels/en.txt", "labels", "en.txt"]),
        ('asset("labels", "en.txt", "utf-8")', ["labels/en.txt", "labels", "en.txt", "utf-8"]),
        ('asset(LABELS, "en.txt")', ["en.txt"]),
        ('asset("labels", lang + ".txt")', ["labels/{}.txt", "labels", ".txt", "{}.txt"]),
        ('asset(kind, "labels", kind, f"{lang}.txt")', ["labels/{}/{}.txt", "labels", "{}.txt"]),
        ('[asset("labels", f"{n}.txt") for n in range(3)]', ["labels/{for}.txt", "labels", "{for}.txt"]),
        (
            'asset("labels", Path(__file__).stem + ".txt")',
            ["labels/{__file__}.txt", "labels", ".txt", "{__file__}.txt"],
        ),
        ('asset("labels") / "en.txt"', ["labels", "en.txt", "labels/en.txt"]),
        ('asset("labels") / "v1" / f"{lang}.txt"', ["labels", "v1", "labels/v1/{}.txt", "v1/{}.txt"]),
        ('open(asset("labels", "en.txt"), "r")', ["labels/en.txt", "labels", "en.txt"]),
        # What is none, or only written.
        ('load("en", "train")', ["en", "train"]),
        ('asset("labels", *names, "en.txt")', ["labels", "en.txt"]),
        ('asset("labels", name(), "en.txt")', ["labels", "en.txt"]),
        ('asset("labels", name="en.txt")', ["labels/en.txt", "labels", "en.txt"]),
        ('asset("labels", name=name(), mode="r")', ["labels", "r"]),
        ('metrics("labels") / count', ["labels"]),
        ('load("a.txt") / count', ["a.txt"]),
        ('options.get("labels", "en.txt")', ["labels", "en.txt"]),
        ('save("labels", "en.txt")', []),
        ('open(asset("labels", "en.txt"), "w")', []),
        ('asset("labels", "en.txt").write_text("a")', []),
        ('read("labels", "en.csv").to_csv(out)', ["labels/en.csv", "labels", "en.csv"]),
        ('self.raw_dir("labels") / "en.txt"', ["labels"]),
        # By the name of the file that says so.
        ('Path(__file__).with_suffix(".yaml")', [".yaml", "{__file__}.yaml"]),
        ('Path(__file__).resolve().with_suffix(".yaml")', [".yaml", "{__file__}.yaml"]),
        ('Path(__file__).parent / f"{Path(__file__).stem}.txt"', ["{__file__}.txt"]),
        ('Path(__file__).with_name(Path(__file__).stem + ".txt")', [".txt", "{__file__}.txt"]),
        ('CONF / f"{Path(__file__).stem}-{self.kind}.txt"', ["{__file__}-{}.txt"]),
        ('[open(f"{Path(__file__).stem}/{n}.txt") for n in range(3)]', ["{__file__}/{for}.txt"]),
        ('Path(__file__).with_suffix("") / "en.txt"', ["en.txt", "{__file__}/en.txt"]),
        ('os.path.splitext(os.path.abspath(__file__))[0] + ".sql"', [".sql", "{__file__}.sql"]),
        ('f"{os.path.basename(__file__).split(chr(46))[0]}.sql"', ["{}.sql"]),
        ('os.path.basename(__file__).split(".")[0] + ".sql"', [".sql", "{__file__}.sql"]),
        ('f"{__file__[:-3]}.sql"', ["{__file__}.sql"]),
        ('__file__.removesuffix(".py") + ".sql"', [".sql", "{__file__}.sql"]),
        ('open(__file__.replace(".py", ".json"))', [".json", "{__file__}.json"]),
        # What lies elsewhere, is written, or is code.
        ('Path(__file__).parent.with_suffix(".zip")', [".zip", "{}.zip"]),
        ('lab.util.__file__[:-3] + ".sql"', [".sql", "{}.sql"]),
        ('load(__file__).stem + ".sql"', [".sql", "{}.sql"]),
        ('open(__file__.replace(".py", ".json"), "w")', []),
        ('Path(__file__).with_suffix(".log").write_text("")', []),
        ('self.raw_dir / f"{Path(__file__).stem}.txt"', []),
        ('Path(__file__).with_suffix(".py")', []),
        # Of which a part is a value that a run has.
        ('path.with_suffix(".yaml")', [".yaml", "{}.yaml"]),
        ('Path("conf/a.txt").with_suffix(".yaml")', ["conf/a.yaml"]),
        ('Path("conf/a.txt").with_name("b.yaml")', ["conf/b.yaml"]),
        ('load("conf/a.txt").with_name("b.yaml")', ["conf/a.txt", "b.yaml"]),
        ('DATA.joinpath("meta").with_suffix(".json")', ["meta.json"]),
        ('Path().with_name("a.txt")', ["a.txt"]),
        ('path.with_suffix(".png").write_bytes(data)', []),
        ('f"{name}.txt"', ["{}.txt"]),
        ('open(f"conf/{self.name}.yaml")', ["conf/{}.yaml"]),
        ('open(HERE + "/conf/" + self.name)', ["conf/{}", "{}/conf/{}"]),
        ('Path("conf") / (self.name + ".yaml")', ["conf", ".yaml", "conf/{}.yaml"]),
        ('files("lab.conf") / f"{self.name}.yaml"', ["lab.conf", "{}.yaml"]),
        ('Path("conf", str(self.number))', ["conf", "conf/{}"]),
        ('f"{self.kind}/{self.name}.txt"', ["{}/{}.txt"]),
        ('Path("conf") / self.kind / f"{self.name}-{self.seed}.yaml"', ["conf", "conf/{}/{}-{}.yaml"]),
        ('f"{self.kind}{self.name}.txt"', ["{}{}.txt"]),
        ('f"{self.kind}/{self.name}"', []),
        ('f"{self.number:03d}.txt"', ["03d", "{}.txt"]),
        # Texts in which values are put, there or later.
        ('open("conf/%s.yaml" % self.name)', ["conf/{}.yaml"]),
        ('open("conf/%(name)s-%02d.yaml" % self.values)', ["conf/{}-{}.yaml"]),
        ('open("conf/{}.yaml".format(self.name))', ["conf/{}.yaml"]),
        ('"conf/{kind}/{number:03d}.yaml"', ["conf/{}/{}.yaml"]),
        ('os.path.join("conf", "%s.yaml" % self.name)', ["conf", "{}.yaml", "conf/{}.yaml"]),
        ('f"conf/{self.kind.lower()}.yaml"', ["conf/{}.yaml"]),
        ('"conf/" + str(n).zfill(3) + ".yaml"', ["conf", ".yaml", "conf/{}.yaml"]),
        ('f"conf/{self.name!r}.yaml"', []),
        ('now.strftime("%Y-%m-%d")', ["%Y-%m-%d"]),
        ('"{} of {}".format(done, total)', []),
        # A turn of a loop gives a part; what comes from an attribute may be a value of the config.
        ('[open(f"conf/{n}.json") for n in range(3)]', ["conf/{for}.json"]),
        ('[open("conf/{}-%s.json" % n) for n in names]', ["conf/{for}-{for}.json"]),
        ('[open(f"{self.kind}/{n}.json") for n in sorted(names.items())]', ["{for}/{for}.json"]),
        ('[open(f"conf/{n}.json") for n in sorted(self.names)]', ["conf/{}.json"]),
        ("f\"{load('a.txt')} tokens\"", ["a.txt"]),
        ("total / count", []),
        ('open(f"out/{name}.txt", "w")', []),
        ('self.huldra_dir / f"{name}.txt"', []),
        # What is written, and what lies in the directory of a run.
        ('open("a.txt", "w")', []),
        ('open("a.txt", mode="ab")', []),
        ('Path("a.txt").open("w")', []),
        ('Path("a.txt").write_text(Path("b.txt").read_text())', ["b.txt"]),
        ('(out / "a.txt").write_bytes(data)', []),
        ('frame.to_csv("a.csv")', []),
        ('plt.savefig("a.png")', []),
        ('json.dump(json.load(open("a.json")), open("b.json", "w"))', ["a.json"]),
        ('(HERE / "a.txt").exists()', []),
        ('os.path.isfile("a.txt")', []),
        ('(folder / "pyproject.toml").read_text()', []),
        ('self.huldra_dir / "a.txt"', []),
        ('(self.raw_dir / "x" / "a.txt").read_text()', []),
        ('self.data.huldra_dir / "a.txt"', []),
        # What is no name of a file of the project.
        ('get("https://example.org/a.txt")', []),
        ('open("/etc/hosts.txt")', []),
        ('raise ValueError("no such file: a.txt")', []),
        ('glob("*.txt")', []),
        (r'open("\ud800.txt")', []),
        ('run("exp.py")', []),
        ('"""See a.txt."""', []),
        ("1 / 2", []),
    ],
)
def test_which_texts_may_name_a_file(code: str, named: list[str]) -> None:
    assert mentions(f"x = {code}" if not code.startswith(("raise", '"""')) else code) == named


@pytest.mark.parametrize(
    ("code", "named"),
    [
        # What is given a name may have a suffix later: this is the name of the file, then.
        ("HERE = Path(__file__).resolve()", ["{__file__}"]),
        ("name: str = Path(__file__).stem", ["{__file__}"]),
        ("base, _ = os.path.splitext(__file__)", ["{__file__}"]),
        ("HERE = Path(__file__).parent", []),
        ("HERE = os.path.dirname(os.path.abspath(__file__))", []),
        ("log = getLogger(__file__)", []),
        ('name += ".yaml"', [".yaml", "{}.yaml"]),
        ('path /= "a.yaml"', ["a.yaml", "{}/a.yaml"]),
        ('path /= f"{self.kind}.yaml"', ["{}.yaml"]),
        ("total += 1", []),
        ("total /= count", []),
        ('text += "\\n"', []),
    ],
)
def test_which_statements_may_name_a_file(code: str, named: list[str]) -> None:
    assert mentions(code) == named


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ("conf/words.csv", True),
        ("words.csv", True),
        ("resnet", False),
        ("two words.txt", False),
        ("/data/words.csv", False),
        # Code is compared as code, and not by its bytes; markers change for other reasons.
        ("scripts/prep.py", False),
        ("pyproject.toml", False),
    ],
)
def test_which_values_may_name_a_file(value: str, is_one: bool) -> None:
    assert is_file_name(value) is is_one


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ('run("exp.py")', ["exp.py"]),
        ('run([sys.executable, "scripts/exp.py", "--fast"])', ["scripts/exp.py"]),
        ('run([sys.executable, ROOT / "scripts" / "exp.py"])', ["scripts/exp.py"]),
        ('system("python scripts/exp.py --seed=3 conf/a.yaml")', ["scripts/exp.py", "conf/a.yaml"]),
        ('system("python -m lab.exp > log.txt")', ["lab.exp", "log.txt"]),
        ('load("lab.models:build")', ["lab.models:build"]),
        ('load("lab.models:")', []),
        ('open("exp.py", "w")', []),
        ('raise ValueError("no such thing: a")', []),
    ],
)
def test_which_texts_may_name_what_is_run(code: str, named: list[str]) -> None:
    assert [m.text for m in found_in(f"x = {code}" if not code.startswith("raise") else code) if m.is_run] == named


CODE = """import huldra
from lab.texts import prompt


class Run(huldra.Huldra[str]):
    lr: float = 1

    def _create(self):
        return prompt()
"""
TEXTS = """from pathlib import Path

PROMPTS = Path(__file__).parent / "prompts"


def prompt():
    return (PROMPTS / "system.txt").read_text()
"""
FILES = {"exp.py": CODE, "lab/__init__.py": "", "lab/texts.py": TEXTS}


def told(then: dict[str, str], now: dict[str, str]) -> list[tuple[str, bool]]:
    return [(change.message, change.is_certain) for change in changes_of_files(FILES, then, now)]


@pytest.mark.parametrize("name", ["lab/prompts/system.txt", "prompts/system.txt", "system.txt", "lab/system.txt"])
def test_a_file_is_looked_for_around_the_code_and_in_named_directories(name: str) -> None:
    assert told({name: "1"}, {name: "2"}) == [(f"{name} changed", False)]
    assert told({name: "1"}, {name: "1"}) == []


@pytest.mark.parametrize("name", ["other/system.txt", "lab/prompts/old/system.txt", "lab/prompts/system.md"])
def test_a_file_elsewhere_is_not_meant(name: str) -> None:
    assert told({name: "1"}, {name: "2"}) == []


def test_a_file_that_is_gone_counts_and_one_that_is_new_does_not() -> None:
    name = "lab/prompts/system.txt"
    assert told({name: "1"}, {}) == [(f"{name} is gone, or not named any more", False)]
    # What a run read that has no record of it was not in the commit: nobody knows that it was other than it is.
    assert told({}, {name: "1"}) == []


def test_a_content_that_cannot_be_told_is_a_doubt() -> None:
    data = DataListing({"lab/prompts/system.txt": UnknownContent("it is too large to be compared (9 bytes)")})
    found = with_named_files(closure_of(FILES), data)
    assert [(d.message, d.definition, d.file, d.line) for d in found.doubts] == [
        (
            "it names lab/prompts/system.txt, and it is too large to be compared (9 bytes)",
            "lab.texts.prompt",
            "lab/texts.py",
            7,
        )
    ]


def test_a_closure_that_names_no_file_stays_the_very_same() -> None:
    found = closure_of(FILES)
    assert with_named_files(found, DataListing({"README.md": "1"})) is found


def test_a_module_that_moves_takes_its_files_along() -> None:
    then = with_named_files(closure_of(FILES), DataListing({"lab/prompts/system.txt": "1"}))
    files = {"exp.py": CODE.replace("lab.", "lib."), "lib/__init__.py": "", "lib/texts.py": TEXTS}
    now = with_named_files(closure_of(files), DataListing({"lib/prompts/system.txt": "1"}))
    assert code_changes(then, now) == ()


def test_a_module_that_gets_another_name_takes_the_file_along_that_is_called_like_it() -> None:
    texts = 'from pathlib import Path\n\n\ndef prompt():\n    return Path(__file__).with_suffix(".txt").read_text()\n'
    then_code = {**FILES, "lab/texts.py": texts}
    now_code = {"exp.py": CODE.replace("texts", "words"), "lab/__init__.py": "", "lab/words.py": texts}
    then = with_named_files(closure_of(then_code), DataListing({"lab/texts.txt": "1", "lab/words.txt": "0"}))
    for content, messages in (("1", []), ("2", ["lab/texts.txt, now lab/words.txt, changed"])):
        now = with_named_files(closure_of(now_code), DataListing({"lab/words.txt": content}))
        assert [change.message for change in code_changes(then, now)] == messages
