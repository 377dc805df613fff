"""Documents whose texts hold half a surrogate pair are JSON all the same, and say what was there."""

import json

from pydantic import Field

from huldra.exports.analysis_json import Model
from huldra.exports.json_text import json_text
from huldra.formats.json_values import readable_json


class Row(Model):
    class_name: str = Field(alias="class")
    config: dict[str, object]


HALF = "\ud800"


def test_halves_are_escaped() -> None:
    row = Row(class_name="lab.T", config={"v": f"a{HALF}ü", f"k{HALF}": [HALF, 1.5, None, {"\udc80": True}]})
    text = json_text(row)
    text.encode()
    assert json.loads(text) == {"class": "lab.T", "config": row.config}
    assert '"a\\ud800ü"' in text


def test_other_documents_are_as_pydantic_writes_them() -> None:
    row = Row(class_name="lab.T", config={"v": 1e-05, "w": "😀", "x": float("inf")})
    assert json_text(row) == row.model_dump_json(by_alias=True, indent=2)
    assert json_text(row, by_alias=False) == row.model_dump_json(indent=2)


def test_what_people_read_keeps_its_characters() -> None:
    text = readable_json({"v": f"ü{HALF}"})
    assert text == '{"v": "ü\\ud800"}'
    assert json.loads(text) == {"v": f"ü{HALF}"}
