"""A file that two import statements call by two names: it is one module, and who calls it otherwise is told so."""

import json

import pytest

FILES = {
    "lab/train.py": "from models import Train\n\na = Train(lr=0.5)\n",
    "lab/models.py": """import huldra


class Train(huldra.Huldra[int]):
    lr: float = 0.1

    def _create(self): return 1
    def _load(self): return 1
""",
    "top.py": "from lab.models import Train\n\nb = Train(lr=0.2)\n",
    "other.py": "from lab import models\n",
    "unrelated.py": "from lab_of_others.models import Train\n",
}
SAID = "lab.models is lab/models.py, which is taken for the module models"
OTHERWISE = {("other.py", 1, "HUL002", SAID), ("top.py", 1, "HUL002", SAID)}


@pytest.mark.parametrize(
    ("settings", "name", "file", "problems"),
    [
        ("", "models.Train", "lab/train.py", OTHERWISE),
        ('[tool.huldra]\nsrc = ["."]\n', "lab.models.Train", "top.py", set()),
        ('[tool.huldra]\nsrc = ["lab"]\n', "models.Train", "lab/train.py", OTHERWISE),
    ],
)
def test_where_imports_begin_is_guessed_unless_it_is_said(huldra, tmp_path, settings, name, file, problems):
    for path, text in (FILES | {"pyproject.toml": settings}).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    for words in ((), (), ("--store", "elsewhere")):  # as found, as kept, and found with what is known of the files
        document = json.loads(huldra("analyze", "--format", "json", *words, at=tmp_path).out)
        assert [row["class"] for row in document["experiments"]] == [name]
        assert [site["file"] for site in document["experiments"][0]["sites"]] == [file]
        found = {
            (row["file"], row["line"], row["code"], row["message"].partition(";")[0]) for row in document["problems"]
        }
        assert found - {row for row in found if row[2] == "HUL206"} == problems
