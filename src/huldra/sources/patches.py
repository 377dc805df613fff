"""A recorded patch applied to the files of its commit, in memory. Git's own ids in the patch prove the outcome.

Lines stand exactly where the patch says, for it was made against that commit. What recording loses is white space at
the end of a part, line ends, and bytes that are not UTF-8; these are taken from the file where it has them.
"""

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from huldra.sources.git_objects import SYMLINK, blob_id
from huldra.sources.patch_text import FileChange, Hunk, PatchLine, PatchPart, parse_patch

ReadFile = Callable[[str], bytes | None]
"""From a path in the repository to the committed bytes; None if there is no such file."""
FindContent = Callable[[str], bytes | None]
"""From the beginning of git's id of a content to its bytes; None if the repository does not have it."""
PathTest = Callable[[str], bool]

_LOST = "\ufffd"


class Patched(Struct, frozen=True):
    """What a patch made of the files that concern us: path in the repository to bytes, None where it deleted one."""

    files: Mapping[str, bytes | None]
    doubts: tuple[str, ...] = ()


class NotApplied(Struct, frozen=True):
    """Why a patch does not fit; the reason names the file."""

    reason: str


class _MisfitError(Exception):
    """A change that does not fit its file."""


class PatchedFiles(Struct, frozen=True):
    """What a patch is applied to: committed files, contents by id, and which paths concern us.

    `id_length` is that of git's ids in hex digits. `below` is the project's place in the repository: empty, or a
    directory that ends in `/`.
    """

    read: ReadFile
    find: FindContent
    concerns: PathTest
    id_length: int
    below: str = ""


def apply_patch(patch: str, onto: PatchedFiles) -> Patched | NotApplied:
    """Return the files that a recorded patch changes, of those that concern us; others are not looked at."""
    state: dict[str, bytes | None] = {}
    losses: dict[str, str] = {}
    doubts: list[str] = []
    for part in parse_patch(patch):
        if part.strays:
            return NotApplied(f"the {part.name} changes were not written by git's own diff: {part.strays[0][:80]!r}")
        step = _Step(_reader(dict(state), onto.read), onto, losses)
        doubts += _left_out(part)
        for change in part.changes:
            try:
                _change(_placed(change, step.read, part, onto.below), step)
            except _MisfitError as error:
                return NotApplied(f"{change.new_path or change.old_path}: {error}")
        state |= dict.fromkeys(step.gone)
        state |= step.made
    return Patched(state, tuple(dict.fromkeys((*doubts, *losses.values()))))


def _left_out(part: PatchPart) -> Iterator[str]:
    for said in part.left_out:
        if said.endswith(".py"):
            yield f"the untracked file {said} was too large to be recorded"
        elif said.endswith("are not recorded"):
            yield said


def _placed(change: FileChange, read: ReadFile, part: PatchPart, below: str) -> FileChange:
    """Return a change with its paths from the repository's top.

    Git lists untracked files from the directory of the process, and can be told to do so with others.
    """
    old, new = change.old_path, change.new_path
    if not below or any(path is not None and path.startswith(below) for path in (old, new)):
        return change
    is_relative = old is not None and read(old) is None and read(below + old) is not None
    if part.name != "untracked" and not is_relative:
        return change
    return replace(change, old_path=None if old is None else below + old, new_path=None if new is None else below + new)


def _reader(state: Mapping[str, bytes | None], read: ReadFile) -> ReadFile:
    return lambda path: state[path] if path in state else read(path)


class _Step(Struct, frozen=True):
    """One part of a patch as it is applied: what it reads is as it was before the part.

    `losses` says of paths, over all parts, why their content is not surely what it was.
    """

    read: ReadFile
    onto: PatchedFiles
    losses: dict[str, str]
    gone: set[str] = set()
    made: dict[str, bytes | None] = {}


def _change(change: FileChange, step: _Step) -> None:
    old, new = change.old_path, change.new_path
    if old is not None and old != new and step.onto.concerns(old) and not change.is_copy:
        step.gone.add(old)
    if new is None or not step.onto.concerns(new):
        return
    loss = None
    if change.new_mode == SYMLINK:
        step.gone.add(new)
        loss = f"{new} was made a symlink, which is not followed"
    else:
        step.made[new], loss = _content(change, step)
    if loss is None:
        step.losses.pop(new, None)
    else:
        step.losses[new] = loss


def _content(change: FileChange, step: _Step) -> tuple[bytes, str | None]:
    """Return the content that a change makes of its file, and what is doubtful about it."""
    if change.is_unmerged:
        raise _MisfitError("it was being merged, and such a patch does not say what the file held")
    old, new, length = change.old_path, change.new_path, step.onto.id_length
    before = b"" if old is None else step.read(old)
    if before is None:
        raise _MisfitError("the patch changes it, and the commit has no such file")
    is_known = old is not None and old not in step.losses and change.old_id is not None
    if is_known and not _has_id(before, change.old_id or "", length):
        raise _MisfitError(f"the patch was made of other content ({change.old_id}) than the commit has")
    if change.is_binary:
        kept = _kept(change, step)
        if kept is None:
            raise _MisfitError("it was recorded as binary, without its content")
        return kept, f"{new} was recorded as binary, without its content; git has one whose id begins the same"
    for candidate in _outcomes(before, change.hunks):
        if change.new_id is None or _has_id(candidate, change.new_id, length):
            # Without ids nothing is proved, and what was doubtful before remains so.
            return candidate, step.losses.get(old or "") if change.new_id is None else None
    made = next(_outcomes(before, change.hunks, is_last_resort=True))
    kept = _kept(change, step)
    if kept is not None and _spelled_alike(kept) == _spelled_alike(made):
        return kept, None
    return made, f"{new} was recorded with a loss: it is not byte for byte what the patch says it was"


def _kept(change: FileChange, step: _Step) -> bytes | None:
    """Return the content that a change names, if git has it: what was staged is kept, and what was committed later."""
    return None if change.new_id is None else step.onto.find(change.new_id)


def _spelled_alike(data: bytes) -> list[str]:
    """Return a text without what recording may lose."""
    text = data.decode("utf-8", "replace").replace(_LOST, "?").replace("\r", "")
    return [line.rstrip() for line in text.rstrip().split("\n")]


def _has_id(data: bytes, beginning: str, id_length: int) -> bool:
    return blob_id(data, id_length).startswith(beginning)


def _outcomes(before: bytes, hunks: tuple[Hunk, ...], *, is_last_resort: bool = False) -> Iterator[bytes]:
    """Yield what the hunks may have made, the plainest first: as recorded, then with line ends as the file has them."""
    if is_last_resort:
        yield _applied(before, hunks, lambda text: text.replace(_LOST, "?"))
        return
    yield _applied(before, hunks, str)
    if hunks and b"\r\n" in before:
        yield _applied(before, hunks, lambda text: text.removesuffix("\r") + "\r")


def _applied(before: bytes, hunks: tuple[Hunk, ...], spelled: Callable[[str], str]) -> bytes:
    lines = before.split(b"\n")
    has_last_end = lines[-1] == b""
    if has_last_end:
        lines.pop()
    made: list[bytes] = []
    at = 0
    for hunk in hunks:
        start = hunk.start - 1 if hunk.old_count else hunk.start
        if not at <= start <= len(lines):
            raise _MisfitError(f"the patch speaks of line {hunk.start}, and the file has {len(lines)}")
        made += [line + b"\n" for line in lines[at:start]]
        at = start
        for line in hunk.lines:
            if line.sign == "+":
                made.append(spelled(line.text).encode("utf-8", "surrogatepass") + (b"\n" if line.has_end else b""))
                continue
            if at >= len(lines) or not _is_same(lines[at], line):
                raise _MisfitError(f"line {at + 1} is not what the patch says")
            if line.sign == " ":
                is_last = at == len(lines) - 1 and not has_last_end
                made.append(lines[at] + (b"" if is_last else b"\n"))
            at += 1
    rest = lines[at:]
    made += [line + b"\n" for line in rest]
    if rest and not has_last_end:
        made[-1] = made[-1][:-1]
    return b"".join(made)


def _is_same(line: bytes, recorded: PatchLine) -> bool:
    if line.decode("utf-8", "replace") == recorded.text:
        return True
    # What ends a part was stripped; some recorders also turned CRLF to LF.
    return line.decode("utf-8", "replace").rstrip() == recorded.text.rstrip()
