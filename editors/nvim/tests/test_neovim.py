"""The client in real Neovims: what `drive.lua` sees is what the cases say. `make test-editors` fetches the programs.

`cases/common.txt` is what the newest shows; `cases/VERSION.txt` holds the sections that are other in that version.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from editors.editor_cases import absent, check, seen_by
from fixtures.demo import unpack

HERE = Path(__file__).resolve().parent
CASES = HERE / "cases"
HOSTS = HERE.parents[1] / ".hosts"
PATIENCE_SECONDS = 240
NEWEST = "0.12"
VERSIONS = (NEWEST, "0.10", "0.7")  # the newest first: where cases are rewritten, the others are compared with its

THREE_LINES_THEN = """
vim.cmd("filetype on | edit {project}/toytext/experiments.py")
vim.wait(60000, function() return #vim.lsp.codelens.get({{ bufnr = 0 }}) > 0 end)
for _, held in ipairs(vim.lsp.codelens.get({{ bufnr = 0 }})) do io.stdout:write(held.lens.command.title .. "\\n") end
vim.cmd("qall!")
"""


def _program(version: str) -> str | None:
    """The Neovim of a version: an unpacked one, or the system's."""
    unpacked = HOSTS / f"neovim-{version}" / "nvim"
    if unpacked.is_file():
        return str(unpacked)
    system = shutil.which("nvim")
    if system is None:
        return None
    said = subprocess.run([system, "--version"], capture_output=True, text=True, check=True).stdout
    return system if re.match(rf"NVIM v{re.escape(version)}\b", said) else None


@pytest.mark.parametrize("version", VERSIONS)
def test_what_neovim_shows(version: str, tmp_path: Path) -> None:
    program = _program(version)
    if program is None:
        absent(f"Neovim {version}")
    own = {name: str(tmp_path / name.lower()) for name in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    words = [program, "--headless", "-u", "NONE", "-i", "NONE", "-c", f"luafile {HERE / 'drive.lua'}"]
    seen = seen_by(words, tmp_path, {**own, "HULDRA_PLUGIN": str(HERE.parent)}, PATIENCE_SECONDS)
    if version == NEWEST:
        check(seen, CASES / "common.txt")
    else:
        check(seen, CASES / f"{version}.txt", CASES / "common.txt")


def test_three_lines_are_enough(tmp_path: Path) -> None:
    program = _program(NEWEST)
    if program is None:
        absent(f"Neovim {NEWEST}")
    project = tmp_path / "toytext"
    unpack(project)
    found = re.search(r"```lua\n(.*?)```", (HERE.parent / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    lines = found.group(1)
    assert lines.count("\n") == 3  # as the page says
    assert lines in (HERE.parents[2] / "docs" / "editors.md").read_text(encoding="utf-8")
    script = tmp_path / "init.lua"
    script.write_text(lines + THREE_LINES_THEN.format(project=project), encoding="utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    words = [program, "--headless", "-u", "NONE", "-i", "NONE", "-c", f"luafile {script}"]
    environment = {**os.environ, "PATH": path, "XDG_STATE_HOME": str(tmp_path / "state")}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert "stale" in done.stdout, done.stderr
    assert "deprecated" not in done.stderr


def test_the_help_has_its_tags(tmp_path: Path) -> None:
    program = _program(NEWEST) or shutil.which("nvim")
    if program is None:
        absent("Neovim")
    documents = tmp_path / "doc"
    shutil.copytree(HERE.parent / "doc", documents)
    words = [program, "--headless", "-u", "NONE", "-i", "NONE", "-c", f"helptags {documents}", "-c", "qall!"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0
    assert not done.stderr.strip()
    tags = {line.split("\t")[0] for line in (documents / "tags").read_text(encoding="utf-8").splitlines()}
    assert {"huldra", "huldra.txt", ":Huldra", "huldra-setup", "huldra-versions", "huldra-health"} <= tags
