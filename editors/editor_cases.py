"""What the tests of real editors share: what an editor said, in sections, without what differs between two runs."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from fixtures.demo import unpack


def absent(editor: str) -> NoReturn:
    """Leave a test out; where all editors are meant to be there (`make test-editors`), fail it."""
    if os.environ.get("HULDRA_EDITORS") == "required":
        pytest.fail(f"there is no {editor} here")
    pytest.skip(f"there is no {editor} here")


def sections(text: str) -> dict[str, str]:
    """Return the parts of a text under their titles (`== title`)."""
    parts = re.split(r"^== (.*)\n", text, flags=re.MULTILINE)
    return {title: body.strip("\n") for title, body in zip(parts[1::2], parts[2::2], strict=True)}


def normal(text: str, project: Path) -> str:
    """Return the text without what is another on each machine and at each moment."""
    text = text.replace(str(project), "PROJECT").replace(sys.executable, "PYTHON")
    text = re.sub(r"\b(\d+[smhdy] ago|just now)\b", "AGE", text)
    text = re.sub(r"· (<1s|\d+[smh])(?= |$)", "· TIME", text, flags=re.MULTILINE)
    text = re.sub(r"< 1 min|≈ \d+ min", "COST", text)
    text = re.sub(r"\bhuldra \d+\.\d+\.\d+\S*", "huldra VERSION", text)
    text = re.sub(r"(?<=commit `)[0-9a-f]+|(?<=made at commit )[0-9a-f]{9}|[0-9a-f]{9}(?= user:)", "COMMIT", text)
    return "\n".join(line.rstrip() for line in text.split("\n"))


def seen_by(words: list[str], folder: Path, variables: dict[str, str], patience_seconds: float) -> dict[str, str]:
    """Return what a program that drives an editor says of the sample; raise `AssertionError` where it fails."""
    project = folder / "toytext"
    unpack(project)
    machine = {name: value for name, value in os.environ.items() if name not in ("HULDRA_PATH", "VIRTUAL_ENV")}
    environment = {**machine, **variables, "HULDRA_PROJECT": str(project), "HULDRA_PYTHON": sys.executable}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=patience_seconds, check=False)
    said = normal(done.stdout, project)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return sections(said)


def check(seen: dict[str, str], case: Path, common: Path | None = None) -> None:
    """Raise `AssertionError` at the first section that is not as the case says.

    A case holds the sections of `common` that are other with it. *Effect:* with `HULDRA_EDITORS_UPDATE` set (`make
    editor-cases UPDATE=1`) the case is rewritten instead.
    """
    shared = {} if common is None else _read(common)
    if os.environ.get("HULDRA_EDITORS_UPDATE"):
        own = [(title, text) for title, text in seen.items() if text != shared.get(title)]
        case.write_text("".join(f"== {title}\n{text}\n" for title, text in own), encoding="utf-8")
        return
    expected = {**shared, **_read(case)}
    assert list(seen) == list(expected)
    for title, text in expected.items():
        assert seen[title] == text, title


def _read(case: Path) -> dict[str, str]:
    return sections(case.read_text(encoding="utf-8"))
