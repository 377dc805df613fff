"""What is read of a config is what the strict models read, to its type, the sign of zero and the order of keys."""

import math
import random
import struct
import subprocess
import sys

import pytest
from pydantic_core import from_json as strict

from huldra.stored_runs.json_texts import from_json

ODD = (
    *("1", "-0", "-0.0", "1E5", "0.1e1", "1e22", "1e400", "-1e400", "5e-324", "1e-400", "2.2250738585072011e-308"),
    *(
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "1" * 400,
        "1" * 5000,
    ),
    *("9007199254740993", "9007199254740993.0", "1.7976931348623159e308", "1.0000000000000000000000001"),
    *("NaN", "Infinity", "-Infinity", '{"a": [NaN, 1, -0.0]}', "nul", "true", "01", "1.", ".5", "+1", "1_0", "", " "),
    *('{"a": 1, "a": 2.0}', '{"b": 1, "a": 2, "b": 3}', '{"a": 1,}', "[1,]", "1 2", "'a'", '{"\\u00e9": "é"}'),
    *('"\\u0000"', '"a\tb"', '"\\ud83d\\ude00"', '"\x7f"', '"\\x"', "[1 ,\n 2]", "[" * 100 + "]" * 100),
)


def said(read, text: bytes) -> object:
    try:
        return exactly(read(text))
    except ValueError:
        return "no JSON"


def exactly(value: object) -> object:
    if isinstance(value, float):
        return "a number that is none" if math.isnan(value) else struct.pack("d", value)
    if isinstance(value, list):
        return [exactly(each) for each in value]
    if isinstance(value, dict):
        return [(key, exactly(each)) for key, each in value.items()]
    return type(value).__name__, value


@pytest.mark.parametrize("text", ODD, ids=lambda text: text[:20])
def test_odd_texts(text: str) -> None:
    assert said(from_json, text.encode()) == said(strict, text.encode())


def test_texts_that_are_no_utf_8() -> None:
    for text in (b'"\xff"', b'{"\xff": 1}', b'"\xed\xa0\x80"'):
        assert said(from_json, text) == said(strict, text) == "no JSON"


def test_random_numbers() -> None:
    chance = random.Random(7)
    for _ in range(20_000):
        value = struct.unpack("d", chance.randbytes(8))[0]
        text = repr(value) if chance.random() < 0.5 else f"{value:.{chance.randrange(30)}e}"
        text = text.replace("nan", "NaN").replace("inf", "Infinity")
        assert said(from_json, text.encode()) == said(strict, text.encode()), text


def test_plain_texts_need_no_models() -> None:
    script = (
        "import sys; from huldra.stored_runs.json_texts import from_json\n"
        "assert from_json(b'{\"lr\": 0.5, \"rows\": [1, null]}') == {'lr': 0.5, 'rows': [1, None]}\n"
        "assert 'pydantic_core' not in sys.modules\n"
        "assert from_json(b'[Infinity]') == [float('inf')]"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, timeout=60).returncode == 0
