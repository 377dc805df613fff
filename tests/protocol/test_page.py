"""docs/editors.md says what the server has, no more and no less."""

import re
from pathlib import Path

from huldra.lsp.extensions import COMMANDS, HANDLERS, STATUS_CHANGED

PAGE = (Path(__file__).parents[2] / "docs" / "editors.md").read_text(encoding="utf-8")


def test_the_page_lists_every_command_and_method() -> None:
    assert set(re.findall(r"`(huldra\.\w+)`", PAGE)) == set(COMMANDS)
    assert set(re.findall(r"`(huldra/\w+)`", PAGE)) == {*HANDLERS, STATUS_CHANGED}
