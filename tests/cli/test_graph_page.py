"""`huldra graph --format html|svg`: what is in the page, and that nothing of a project can break out of it."""

import json
import re
import shutil
from html.parser import HTMLParser

import pytest

ODD = "</script><script>alert(1)</script>"


class Page(HTMLParser):
    """The scripts of a page, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.loaded: list[str] = []
        self.policy = ""
        self._open: dict[str, str | None] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "script":
            self._open = found
            self.scripts.append((found, ""))
        self.loaded += [str(found[name]) for name in ("src", "href") if name in found]
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = str(found["content"])

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            attributes, text = self.scripts[-1]
            self.scripts[-1] = (attributes, text + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._open = None

    @property
    def data(self) -> dict[str, list[dict[str, object]]]:
        return json.loads(next(text for attributes, text in self.scripts if attributes.get("id") == "data"))


def test_the_page_needs_nothing_else(huldra, toytext):
    page = Page(huldra("graph", "--format", "html", at=toytext).out)
    assert page.loaded == []
    assert "default-src 'none'" in page.policy
    nonces = {attributes.get("nonce") for attributes, _ in page.scripts if attributes.get("type") == "module"}
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in page.policy
    assert "@" not in re.sub(r"\s", "", page.policy)


def test_the_data_of_the_page_is_the_graph(huldra, toytext):
    data = Page(huldra("graph", "--format", "html", at=toytext).out).data
    experiments = json.loads(huldra("graph", "--all", "--format", "json", at=toytext).out)
    assert [node["key"] for node in data["nodes"]] == [node["key"] for node in experiments["nodes"]]
    assert [node["counts"] for node in data["nodes"]] == [node["counts"] for node in experiments["nodes"]]
    pairs = {(data["nodes"][edge[0]]["key"], data["nodes"][edge[1]]["key"]) for edge in data["edges"]}
    assert pairs == {(edge["from"], edge["to"]) for edge in experiments["edges"]}
    by_name = {item["name"]: item for item in data["classes"]}
    assert by_name["toytext.train.LogReg"]["family"] == "toytext.common.Artifact"
    assert by_name["toytext.train.LogReg"]["count"] == 5
    assert data["level"] == "classes"


def test_a_focus_narrows_both_levels(huldra, toytext):
    data = Page(huldra("graph", "--format", "html", "--focus", "Clean", "--depth", "1", at=toytext).out).data
    assert {node["class"].rpartition(".")[2] for node in data["nodes"]} >= {"Clean", "Corpus"}
    assert "toytext.train.LogReg" not in {item["name"] for item in data["classes"]}


def test_nothing_of_the_project_ends_the_script(huldra, tmp_path):
    root = tmp_path / "<b>&'\""
    root.mkdir()
    (root / "pyproject.toml").write_text("")
    (root / "lab.py").write_text(
        "import huldra\n\n\nclass T(huldra.Huldra[int]):\n    up: object = None\n    v: object = None\n\n"
        "    def _create(self): return 1\n    def _load(self): return 1\n\n\n"
        f"T(v={ODD!r}, up={{{ODD!r}: T(v=1)}})\n"
    )
    text = huldra("graph", "--format", "html", at=root).out
    assert "<script>alert" not in text
    page = Page(text)
    assert len(page.scripts) == 2
    assert any(ODD in str(edge[2]) for edge in page.data["edges"])
    assert "<title>&lt;b&gt;&amp;&#x27;&quot;</title>" in text


def test_nothing_in_names_moves_a_cursor_or_turns_the_writing(huldra, tmp_path):
    root = tmp_path / "a\x1b[31m\u202eb"
    root.mkdir()
    (root / "pyproject.toml").write_text("")
    (root / "lab.py").write_text(
        "import huldra\n\n\nclass T(huldra.Huldra[int]):\n    up: object = None\n\n"
        "    def _create(self): return 1\n    def _load(self): return 1\n\n\n"
        r'T(up={"a\x1b[31m\u202eb\tc": T()})' + "\n"
    )
    for form in ("dot", "mermaid", "text"):
        out = huldra("graph", "--format", form, "--all", at=root).out
        assert "[31m" in out or form == "mermaid"
        assert not {"\x1b", "\u202e", "\t"} & set(out)
    text = huldra("graph", "--format", "html", at=root).out
    assert "<title>a\ufffd[31m\ufffdb</title>" in text
    assert [edge[2] for edge in Page(text).data["edges"]] == [r"field up['a\x1b[31m\u202eb\tc']"]


def test_svg_without_graphviz(huldra, toytext, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    answer = huldra("graph", "--format", "svg", at=toytext)
    assert answer.code == 2
    assert "take --format html" in answer.err


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_svg(huldra, toytext):
    out = huldra("graph", "--format", "svg", at=toytext).out
    assert "<svg" in out
    assert "NoisyCorpus" in out
