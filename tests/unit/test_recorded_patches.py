"""The changes that are recorded beside a commit, put upon it: against the working tree as it was."""

import random
import shutil

import pytest

from huldra.sources.revision_files import commit_files
from tests.unit.git_builder import commit, git, listing, new_repository, recorded_patch, texts, write


@pytest.fixture
def project(tmp_path):
    return new_repository(tmp_path / "project")


def on_disk(place) -> dict[str, str]:
    return {str(path.relative_to(place)): path.read_bytes().decode() for path in sorted(place.rglob("*.py"))}


BODY = "".join(f"line_{number} = {number}\n" for number in range(30))


def edits(project):
    """Change a project in every way that git knows."""
    git(project, "mv", "moved.py", "pkg/moved_here.py")
    git(project, "mv", "swap_a.py", "swap_c.py")
    git(project, "mv", "swap_b.py", "swap_a.py")
    git(project, "mv", "swap_c.py", "swap_b.py")
    git(project, "rm", "--quiet", "deleted.py")
    write(project, {"both.py": BODY.replace("line_3 = 3", "line_3 = 33")})
    git(project, "add", "both.py")
    write(
        project,
        {
            "both.py": BODY.replace("line_3 = 3", "line_3 = 333").replace("line_20 = 20\n", ""),
            "pkg/moved_here.py": BODY + "more = 1\n",
            "untracked.py": "new = 1\n\n\n    \n",
            "pkg/empty.py": "",
            "with space.py": "s = 2\n",
            "pkg/ünï.py": "u = 2\n",
            "crlf.py": b"x = 1\r\ny = 3\r\n",
            "no_end.py": "x = 1\ny = 3",
            "image.bin": b"\0\2",
            "notes.txt": "other words\n",
        },
    )
    (project / "unlinked.py").unlink()
    (project / "mode.py").chmod(0o755)


def base(project):
    return commit(
        project,
        {
            "moved.py": BODY,
            "both.py": BODY,
            "deleted.py": "d = 1\n",
            "unlinked.py": "d = 2\n",
            "swap_a.py": "a = 1\n" * 5,
            "swap_b.py": "b = 1\n" * 5,
            "with space.py": "s = 1\n",
            "pkg/ünï.py": "u = 1\n",
            "crlf.py": b"x = 1\r\ny = 2\r\n",
            "no_end.py": "x = 1\ny = 2",
            "image.bin": b"\0\1",
            "notes.txt": "words\n",
            "mode.py": "m = 1\n",
        },
    )


SETTINGS = {
    "plain": {},
    "no prefixes": {"diff.noprefix": "true"},
    "prefixes that say what": {"diff.mnemonicPrefix": "true"},
    "colours": {"color.ui": "always"},
    "copies": {"diff.renames": "copies"},
    "no renames": {"diff.renames": "false"},
    "no context": {"diff.context": "0"},
    "whole ids": {"core.abbrev": "40"},
    "names as they are": {"core.quotePath": "false"},
    "line ends turned": {"core.autocrlf": "input", "core.safecrlf": "false"},
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_a_dirty_tree_comes_out_as_it_was(project, opened, monkeypatch, settings):
    made = base(project)
    for key, value in settings.items():
        git(project, "config", key, value)
    edits(project)
    then = commit_files(opened(project), made, recorded_patch(project, monkeypatch))
    expected = on_disk(project)
    # Of white space after the last line of a file, nothing is recorded; and git may store CRLF as LF.
    expected["untracked.py"] = "new = 1\n\n\n\n"
    found = texts(then)
    if "core.autocrlf" in settings:
        expected["crlf.py"] = found["crlf.py"].replace("\n", "\r\n").replace("\r\r", "\r")
        assert "y = 3" in expected["crlf.py"]
        expected["crlf.py"] = found["crlf.py"]
    assert {name: text.rstrip() for name, text in found.items()} == {
        name: text.rstrip() for name, text in expected.items()
    }
    assert [doubt for doubt in then.doubts if "untracked" not in doubt] == []


ODD_LINES = [
    *("", "  ", "x = 1", "y = 2", "é = 3", "z = 4\r", "w = 5   ", "-- a", "++ b", "--- a/a.py", "+++ b/a.py"),
    *("@@ -1 +1 @@", "diff --git a/a.py b/a.py", "# === staged ====", "\\ No newline", "\x0c", "q\x85r", "u\u2028v"),
]


@pytest.mark.parametrize("seed", range(4))
def test_random_edits_come_out_as_they_were(project, opened, monkeypatch, seed):
    chance = random.Random(seed)
    path = project / "a.py"
    made = commit(project, {"a.py": "\n".join(chance.choices(ODD_LINES, k=40)), "b.py": "b = 1\n"})
    repository = opened(project)
    proved = 0
    for _ in range(10):
        for stage in (True, False):
            text = path.read_bytes().decode().split("\n")
            for _ in range(chance.randrange(4)):
                at = chance.randrange(len(text) + 1)
                text[at : at + chance.randrange(3)] = chance.choices(ODD_LINES, k=chance.randrange(3))
            path.write_bytes("\n".join(text).encode())
            if stage:
                git(project, "add", "a.py")
        patch = recorded_patch(project, monkeypatch)
        then = commit_files(repository, made, patch)
        found = then.contents(then.files["a.py"])
        proved += not then.doubts
        # White space at the end of a part is not recorded; then that is said.
        assert found == path.read_bytes() if not then.doubts else found.split() == path.read_bytes().split(), patch
    assert proved > 5


def test_what_was_staged_is_still_in_the_repository(project, opened, monkeypatch):
    """What the patch lost of the staged part would otherwise keep the unstaged part from applying."""
    made = commit(project, {"a.py": "x = 1\n", "b.py": "# coding: latin-1\n", "c.py": "z = 1\n"})
    staged = {
        "a.py": "x = 1\ny = 2   \n",
        "b.py": "# coding: latin-1\nx = 'é'\n".encode("latin-1"),
        "c.py": b"z = '\0'\n",
    }
    write(project, staged)
    git(project, "add", ".")
    write(project, {"a.py": "x = 3\ny = 2   \n"})
    then = commit_files(opened(project), made, recorded_patch(project, monkeypatch))
    assert then.read("a.py").text == "x = 3\ny = 2   \n"
    assert then.read("b.py").text == "# coding: latin-1\nx = 'é'\n"
    assert then.contents(then.files["c.py"]) == b"z = '\0'\n"
    doubt = "c.py was recorded as binary, without its content; git has one whose id begins the same"
    assert then.doubts == (doubt,)


def test_staged_content_that_is_gone(project, opened, monkeypatch):
    made = commit(project, {"a.py": "x = 1\n" * 9})
    write(project, {"a.py": "x = 1\n" * 9 + "y = 2   \n"})
    git(project, "add", ".")
    write(project, {"a.py": "x = 3\n" + "x = 1\n" * 8 + "y = 2   \n"})
    patch = recorded_patch(project, monkeypatch)
    git(project, "reset", "--quiet")
    git(project, "prune", "--expire=now")
    then = commit_files(opened(project), made, patch)
    assert texts(then)["a.py"] == "x = 3\n" + "x = 1\n" * 8 + "y = 2\n"
    assert then.doubts == ("a.py was recorded with a loss: it is not byte for byte what the patch says it was",)


def test_a_patch_without_code_changes_nothing(project, opened, monkeypatch):
    made = commit(project, {"a.py": "x = 1\n", "b.txt": "x\n"})
    repository = opened(project)
    write(project, {"b.txt": "y\n", "c.bin": b"\0"})
    assert commit_files(repository, made, recorded_patch(project, monkeypatch)) == commit_files(repository, made)


def test_untracked_files_below_a_root_of_its_own(project, opened, monkeypatch):
    made = commit(project, {"sub/a.py": "x = 1\n", "top.py": "t = 1\n"})
    write(project, {"sub/pkg/new.py": "n = 1\n", "sub/a.py": "x = 2\n", "top.py": "t = 2\n"})
    then = commit_files(opened(project / "sub"), made, recorded_patch(project / "sub", monkeypatch))
    assert texts(then) == {"a.py": "x = 2\n", "pkg/new.py": "n = 1"} or texts(then) == {
        "a.py": "x = 2\n",
        "pkg/new.py": "n = 1\n",
    }


def test_what_was_too_large_to_be_recorded_is_doubted(project, opened, monkeypatch):
    made = commit(project, {"a.py": "x = 1\n"})
    write(project, {"big.py": "#" * 1_000_001, "big.bin": "#" * 1_000_001})
    then = commit_files(opened(project), made, recorded_patch(project, monkeypatch))
    assert then.doubts == ("the untracked file big.py was too large to be recorded",)


def test_bytes_that_are_not_utf8(project, opened, monkeypatch):
    old = "# coding: latin-1\nname = 'é'\nx = 1\ny = 'ü'\n".encode("latin-1")
    made = commit(project, {"a.py": old})
    write(project, {"a.py": old.replace(b"x = 1", b"x = 2")})
    repository = opened(project)
    then = commit_files(repository, made, recorded_patch(project, monkeypatch))
    assert (texts(then)["a.py"], then.doubts) == ("# coding: latin-1\nname = 'é'\nx = 2\ny = 'ü'\n", ())
    write(project, {"a.py": old.replace(b"x = 1", "x = 'ö'".encode("latin-1"))})
    lossy = commit_files(repository, made, recorded_patch(project, monkeypatch))
    assert texts(lossy)["a.py"] == "# coding: latin-1\nname = 'é'\nx = '?'\ny = 'ü'\n"
    assert lossy.doubts == ("a.py was recorded with a loss: it is not byte for byte what the patch says it was",)


def test_line_ends_that_the_recorder_turned(project, opened, monkeypatch):
    made = commit(project, {"a.py": b"x = 1\r\ny = 2\r\nz = 3\r\n"})
    write(project, {"a.py": b"x = 1\r\ny = 22\r\nz = 3\r\n"})
    patch = recorded_patch(project, monkeypatch).replace("\r\n", "\n")
    then = commit_files(opened(project), made, patch)
    assert (texts(then)["a.py"], then.doubts) == ("x = 1\r\ny = 22\r\nz = 3\r\n", ())


def test_a_patch_of_other_content(project, opened, monkeypatch):
    other = commit(project, {"a.py": "x = 0\n"})
    commit(project, {"a.py": "x = 1\n"})
    write(project, {"a.py": "x = 2\n"})
    repository = opened(project)
    patch = recorded_patch(project, monkeypatch)
    answer = commit_files(repository, other, patch)
    assert answer.code == "patch-does-not-apply"
    assert f"does not apply to commit {other[:12]}: a.py: the patch was made of other content" in answer.message
    without_ids = "\n".join(line for line in patch.split("\n") if not line.startswith("index "))
    assert commit_files(repository, other, without_ids).message.endswith("a.py: line 1 is not what the patch says")


def test_binary_code_cannot_be_had(project, opened, monkeypatch):
    made = commit(project, {"a.py": b"x = 1\n"})
    write(project, {"a.py": b"x = '\0'\n"})
    answer = commit_files(opened(project), made, recorded_patch(project, monkeypatch))
    assert answer.message.endswith("a.py: it was recorded as binary, without its content")


def test_a_file_that_was_being_merged(project, opened, monkeypatch):
    commit(project, {"a.py": "x = 0\n"})
    git(project, "checkout", "--quiet", "-b", "side")
    commit(project, {"a.py": "x = 1\n"})
    git(project, "checkout", "--quiet", "main")
    made = commit(project, {"a.py": "x = 2\n"})
    with pytest.raises(Exception, match="returned non-zero"):
        git(project, "merge", "side")
    answer = commit_files(opened(project), made, recorded_patch(project, monkeypatch))
    assert (answer.code, "being merged" in answer.message) == ("patch-does-not-apply", True)


def test_a_symlink_follows_what_the_patch_makes_of_its_target(project, opened, monkeypatch):
    write(project, {"real.py": "x = 1\n", "gone.py": "y = 1\n", "other.py": "z = 1\n", "kept.py": "k = 1\n"})
    (project / "link.py").symlink_to("real.py")
    (project / "dangling.py").symlink_to("gone.py")
    (project / "turned.py").symlink_to("kept.py")
    made = commit(project, {})
    write(project, {"real.py": "x = 2\n"})
    (project / "gone.py").unlink()
    (project / "other.py").unlink()
    (project / "other.py").symlink_to("kept.py")
    (project / "turned.py").unlink()
    (project / "turned.py").symlink_to("real.py")
    then = commit_files(opened(project), made, recorded_patch(project, monkeypatch))
    assert texts(then) == {"kept.py": "k = 1\n", "link.py": "x = 2\n", "real.py": "x = 2\n"}
    assert then.doubts == (
        "other.py was made a symlink, which is not followed",
        "turned.py was made a symlink, which is not followed",
    )


def test_a_symlink_that_became_a_file(project, opened, monkeypatch):
    write(project, {"real.py": "x = 1\n"})
    (project / "link.py").symlink_to("real.py")
    made = commit(project, {})
    (project / "link.py").unlink()
    write(project, {"link.py": "y = 1\n"})
    then = commit_files(opened(project), made, recorded_patch(project, monkeypatch))
    assert (texts(then), then.doubts) == ({"link.py": "y = 1\n", "real.py": "x = 1\n"}, ())


@pytest.mark.parametrize("whose", ["all", "python"])
def test_a_diff_that_git_did_not_write(project, opened, monkeypatch, whose):
    made = commit(project, {"a.py": "x = 1\n", "A.txt": "words\n"})
    if whose == "all":
        git(project, "config", "diff.external", "echo told by another program")
    else:
        git(project, "config", "diff.mine.command", "echo told by another program")
        write(project, {".git/info/attributes": "*.py diff=mine\n"})
    write(project, {"a.py": "x = 2\n", "A.txt": "other words\n"})
    answer = commit_files(opened(project), made, recorded_patch(project, monkeypatch))
    assert answer.code == "patch-does-not-apply"
    assert "the unstaged changes were not written by git's own diff: 'told by another" in answer.message


@pytest.mark.parametrize("shown", ["short", "log", "diff"])
def test_changes_inside_a_submodule_are_only_said(project, opened, monkeypatch, tmp_path, shown):
    inner = new_repository(tmp_path / "inner")
    commit(inner, {"inside.py": "i = 1\n"})
    git(project, "submodule", "add", "--quiet", str(inner), "vendored")
    made = commit(project, {"a.py": "x = 1\n"})
    git(project, "config", "diff.submodule", shown)
    write(project, {"a.py": "x = 2\n", "vendored/inside.py": "i = 2\n"})
    commit(project / "vendored", {"inside.py": "i = 3\n"}, "inside")
    write(project, {"vendored/inside.py": "i = 4\n"})
    then = commit_files(opened(project), made, recorded_patch(project, monkeypatch))
    assert texts(then) == {"a.py": "x = 2\n", "vendored/inside.py": "i = 1\n"}
    assert then.doubts == ("a submodule had uncommitted changes, which git records nothing of",)


def test_names_that_git_was_told_to_keep_relative(project, opened, monkeypatch):
    made = commit(project, {"sub/a.py": "x = 1\n", "top.py": "t = 1\n"})
    git(project, "config", "diff.relative", "true")
    write(project, {"sub/a.py": "x = 2\n"})
    patch = recorded_patch(project / "sub", monkeypatch)
    assert texts(commit_files(opened(project / "sub"), made, patch)) == {"a.py": "x = 2\n"}
    assert commit_files(opened(project), made, patch).message.endswith(
        "a.py: the patch changes it, and the commit has no such file"
    )


def test_the_repository_is_not_written_to(project, opened, monkeypatch):
    made = base(project)
    hook = project / ".git" / "hooks" / "post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ntouch ran\n")
    hook.chmod(0o755)
    git(project, "config", "core.fsmonitor", str(hook))
    edits(project)
    patch = recorded_patch(project, monkeypatch)
    shutil.rmtree(project / ".git" / "hooks" / "ran", ignore_errors=True)
    (project / "ran").unlink(missing_ok=True)
    before = listing(project)
    assert texts(commit_files(opened(project), made, patch))
    assert listing(project) == before
