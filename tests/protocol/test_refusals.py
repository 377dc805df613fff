"""What a client asks that has no meaning is refused, and does not come to mean more than was said."""

from pathlib import Path

import pytest

from tests.protocol.client import Client, FaultError
from tests.protocol.test_requests import argument, execute


@pytest.mark.parametrize(
    "malformed", [{"hash": 5}, {"selector": {"line": "x"}}, {"selector": 7}, {"selector": "experiment"}]
)
def test_what_cannot_be_read_does_not_come_to_mean_the_whole_class(
    editor: Client, malformed: dict[str, object]
) -> None:
    about = argument("", **{"class": "toytext.evaluate.ModelCard", **malformed})
    for command in ("huldra.rerun", "huldra.runMissing"):
        with pytest.raises(FaultError) as refused:
            execute(editor, command, about)
        assert refused.value.code == -32602


def test_questions_about_nothing_are_refused(editor: Client, project: Path) -> None:
    asked = [("huldra/dag", {"depth": depth}) for depth in ("x", -1, True, [1])]
    asked.append(("huldra/form", {"uri": project.as_uri(), "class": "LogReg", "hash": "zz"}))
    for method, params in asked:
        with pytest.raises(FaultError) as refused:
            editor.request(method, params)
        assert refused.value.code == -32602
