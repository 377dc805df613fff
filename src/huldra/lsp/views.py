"""Reports as real files in the project's cache, for editors that show no text of a server's own."""

from pathlib import Path

_CACHE = ".huldra_cache"


def write_view(root: Path, name: str, text: str) -> str:
    """Effect: write a report. Return its URI.

    Links into the project become relative: a preview follows no `file:` links.

    Args:
        root: The root of the project.
        name: The file's name, or a path below the directory of reports.
        text: What it says, as Markdown.

    Raises:
        OSError: nothing can be written there.
    """
    cache = root / _CACHE
    path = cache / "views" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    up = "../" * len(path.parent.relative_to(root).parts)
    text = text.replace(f"](<{root.as_uri()}/", f"](<{up}")
    ignore = cache / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    if not path.is_file() or path.read_text(encoding="utf-8", errors="replace") != text:
        path.write_text(text, encoding="utf-8")
    return path.as_uri()
