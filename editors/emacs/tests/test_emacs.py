"""Any editor without code of ours: what Emacs with eglot sees of the sample project is what the case says."""

import shutil
import subprocess
import sys
from pathlib import Path

from editors.editor_cases import absent, check, seen_by

HERE = Path(__file__).resolve().parent
PATIENCE_SECONDS = 240
EGLOT = "/usr/share/emacs/site-lisp/elpa"


def _has_eglot(emacs: str) -> bool:
    load = f'(let ((default-directory "{EGLOT}")) (when (file-directory-p default-directory) '
    load += "(normal-top-level-add-subdirs-to-load-path)))"
    words = [emacs, "--batch", "-Q", "--eval", load, "--eval", "(require 'eglot)"]
    return subprocess.run(words, capture_output=True, check=False, timeout=60).returncode == 0


def test_what_emacs_shows(tmp_path: Path) -> None:
    emacs = shutil.which("emacs")
    if emacs is None or not _has_eglot(emacs):
        absent("Emacs with eglot")
    seen = seen_by(
        [emacs, "--batch", "-Q", "-l", str(HERE / "drive.el")], tmp_path, {"VIRTUAL_ENV": sys.prefix}, PATIENCE_SECONDS
    )
    check(seen, HERE / "cases" / "eglot.txt")
