"""Reports as files: what they link to is found from where they lie."""

from pathlib import Path

from huldra.lsp.views import write_view


def test_a_link_into_the_project_is_relative_to_the_page(tmp_path: Path) -> None:
    directory = tmp_path / "data-huldra" / "a b"
    directory.mkdir(parents=True)
    write_view(tmp_path, "rules/page.md", f"in [it](<{directory.as_uri()}>)")
    page = tmp_path / ".huldra_cache" / "views" / "rules" / "page.md"
    assert page.read_text(encoding="utf-8") == "in [it](<../../../data-huldra/a%20b>)"
    assert (page.parent / "../../../data-huldra/a b").is_dir()


def test_a_link_elsewhere_stays_as_it_is(tmp_path: Path) -> None:
    text = f"in [it](<{tmp_path.parent.as_uri()}/elsewhere>)"
    write_view(tmp_path, "page.md", text)
    assert (tmp_path / ".huldra_cache" / "views" / "page.md").read_text(encoding="utf-8") == text
