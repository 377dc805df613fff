"""Answers that were given before, given again while nothing has changed. Knows bytes and times, not what they say.

Imports next to nothing: for a project at rest this is all that runs. Deleting the files loses nothing but time.
"""

import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from types import MappingProxyType

from huldra.cli.kept_changes import NOTHING_SAID, said_now
from huldra.cli.kept_data import data_stands, written_data
from huldra.cli.kept_reach import Reach, still_stands, written_reach
from huldra.sources.disk_state import DiskState, disk_state, program_version
from huldra.sources.path_rows import CannotTellError
from huldra.sources.plain_msgspec import import_msgspec
from huldra.sources.store_listing import StoreListing, read_listing

ANSWERS = ".huldra_cache/answers"
_COMMANDS = frozenset({"analyze", "check"})
_NEVER = ("-h", "--h", "--write", "--accept", "--baseline")
"""How words begin that ask for something else, or name files that nobody looks at here."""
_MARKERS = ("pyproject.toml", "huldra.toml", ".git")
_PREFIXES = ("HULDRA", "GREN", "FURU", "GIT_", "LC_", "PYTHON", "PRE_COMMIT")
_NOT_OURS = ("GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_EDITOR", "GIT_REFLOG_ACTION", "GIT_EXEC_PATH", "GIT_PREFIX")
"""How what git tells its hooks begins that nothing here asks; the time of the commit is among it."""
_VARIABLES = frozenset({"LANG", "LANGUAGE", "HOME", "NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "PATH"}) | {
    "VIRTUAL_ENV",
    "UV_PROJECT_ENVIRONMENT",
    "CONDA_PREFIX",
}
# Within this span a second write may leave time and size as they are: clocks of file systems are that coarse.
COARSEST_CLOCK_NS = 2_000_000_000
_MAGIC = b"huldra-answer-2\n"
_NOTHING_LOOKED_AT: Mapping[str, str] = MappingProxyType({})
_MOST_BYTES = 32_000_000
_MOST_FILES = 48
"""An answer has up to four."""


class Question:
    """What is asked.

    Attributes:
        key: Equal for equal words, surroundings and code of ours.
        root: The root of the project.
        asks_git: The answer says whether the working tree differs from the commit.
        is_of_index: It follows from what git holds, and from nothing in the working tree but settings.
        looked_at: The store and the further files that were looked at last with the disk, in which state it then was
            (None: that cannot be told), and when, in ns.
        listing: What was seen of the store then.
    """

    def __init__(self, key: bytes, root: str, *, asks_git: bool, is_of_index: bool) -> None:
        self.key = key
        self.root = root
        self.asks_git = asks_git
        self.is_of_index = is_of_index
        self.looked_at: tuple[tuple[str, ...], DiskState | None, int] | None = None
        self.listing = StoreListing({})

    @property
    def file(self) -> str:
        """Where its answer is kept."""
        return f"{self.root}/{ANSWERS}/{self.key.hex()}"

    @property
    def listing_file(self) -> str:
        """Where it is kept what lies in the directories of the store, for all questions."""
        return f"{self.root}/{ANSWERS}/listing"

    @property
    def reach_file(self) -> str:
        """Where it is kept which files the answer does not follow from."""
        return f"{self.file}.reach"

    @property
    def seen_file(self) -> str:
        """Where it is kept what was looked at in files that the answer follows from."""
        return f"{self.file}.seen"

    @property
    def data_file(self) -> str:
        """Where it is kept which files that are no code the answer follows from."""
        return f"{self.file}.data"

    @property
    def news_file(self) -> str:
        """Where it is kept when the index is known to bring nothing new."""
        return f"{self.file}.news"


class Answer:
    """What was said, the exit code, and what it followed from."""

    def __init__(self, out: bytes, err: bytes, code: int) -> None:
        self.out = out
        self.err = err
        self.code = code


def question_of(words: Sequence[str]) -> Question | None:
    """Return the question that a command line asks, None if its answers are not kept: people at a terminal, say."""
    if _COMMANDS.isdisjoint(words) or any(word.startswith(_NEVER) for word in words):
        return None
    if any(stream.isatty() or not hasattr(stream, "buffer") for stream in (sys.stdout, sys.stderr)):
        return None
    try:
        root = _root(words)
        here, ours = os.getcwd(), program_version()  # noqa: PTH109
    except OSError:
        return None
    if root is None:
        return None
    environment = environment_that_counts()
    parts = (tuple(words), here, root, environment, (sys.stdout.encoding, sys.stderr.encoding), ours)
    key = blake2b(repr(parts).encode(errors="surrogatepass"), digest_size=16).digest()
    is_of_index = "check" in words and "--staged" in words
    return Question(key, root, asks_git="analyze" in words, is_of_index=is_of_index)


def environment_that_counts() -> list[tuple[str, str]]:
    """Return the variables of the environment that something may follow from, sorted."""
    return sorted(item for item in os.environ.items() if _counts(item[0]))


def _counts(variable: str) -> bool:
    return variable in _VARIABLES or (variable.startswith(_PREFIXES) and not variable.startswith(_NOT_OURS))


def say(answer: Answer) -> int:
    """Effect: write an answer to stdout and stderr. Return the exit code."""
    for stream, said in ((sys.stdout, answer.out), (sys.stderr, answer.err)):
        stream.flush()
        stream.buffer.write(said)
        stream.flush()
    return answer.code


def recall(question: Question) -> Answer | None:
    """Effect: look at the disk. Return the answer that was given when all that it follows from was as it is now."""
    return _recalled(question) or (_recalled_news(question) if question.is_of_index else None)


def _recalled(question: Question) -> Answer | None:
    try:
        with open(question.file, "rb") as file:  # noqa: PTH123
            data = file.read(_MOST_BYTES * 2)
    except OSError:
        return None
    head, separator, rest = data.removeprefix(_MAGIC).partition(b"\n\n")
    if not data.startswith(_MAGIC) or not separator or blake2b(rest, digest_size=20).hexdigest().encode() != head:
        return None
    fields, _, said = rest.partition(b"\n\n")
    digest, saved_at, code, size, changes, *paths = fields.decode(errors="surrogateescape").split("\n")
    # After a clock has gone back, times say nothing about what is older.
    if time.time_ns() < int(saved_at):
        return None
    state = _state(question, paths[0], paths[1:])
    if state is None:
        return None
    if state.digest.hex() != digest and not still_stands(
        question.reach_file, question.seen_file, question.root, digest, state
    ):
        return None
    if not data_stands(question.data_file, question.root, digest):
        return None
    is_changed = question.asks_git and _is_changed(question.root)
    out = said_now(said[: int(size)], changes, is_dirty=is_changed)
    return None if out is None else Answer(out, said[int(size) :], int(code))


def _is_changed(root: str) -> bool:
    """Effect: ask git. Return whether the working tree differs from the commit."""
    if not _is_in_repository(root):
        return False
    from pathlib import Path  # noqa: PLC0415  # a third of what there is to import

    from huldra.sources.revision import is_dirty  # noqa: PLC0415

    return bool(is_dirty(Path(root)))


def _recalled_news(question: Question) -> Answer | None:
    """Effect: look at the disk, ask git. Return the answer that nothing is new, where that is known."""
    if not os.path.exists(question.news_file):  # noqa: PTH110
        return None
    import_msgspec()
    from huldra.cli.kept_news import read_news  # noqa: PLC0415  # takes as long as all else, and is rarely needed

    news = read_news(question.news_file)
    state = None if news is None else _state(question, news.store, news.extras)
    if news is None or state is None or state.beside != news.beside:
        return None
    is_whole_settled = is_settled(state.newest, question)
    if not news.may_be_said(question.root):
        return None
    answer = Answer(news.out, news.err, 0)
    if is_whole_settled:
        keep(question, state, answer, news.store, news.extras)
    return answer


def keep(
    question: Question,
    before: DiskState,
    answer: Answer,
    store: str,
    extras: Iterable[str],
    reach: Reach | None = None,
    data: Mapping[str, str] = _NOTHING_LOOKED_AT,
    changes: str = NOTHING_SAID,
) -> None:
    """Effect: write an answer down for the next time; nothing if that cannot be done.

    Args:
        question: What was asked.
        before: The state of the disk before the answer was sought.
        answer: The answer.
        store: Where the store is.
        extras: Further files that the answer followed from.
        reach: Which files of code it did not follow from, if that is known.
        data: What stood for each path that was looked at for what is no code.
        changes: Where and how the answer says whether the working tree differs from the commit, as `place_in` tells it.
    """
    now = time.time_ns()
    paths = (store, *extras)
    rows = written_data(before.digest, data)
    if rows is None or len(answer.out) + len(answer.err) > _MOST_BYTES or any("\n" in path for path in paths):
        return
    fields = "\n".join((before.digest.hex(), str(now), str(answer.code), str(len(answer.out)), changes, *paths))
    rest = fields.encode(errors="surrogateescape") + b"\n\n" + answer.out + answer.err
    head = blake2b(rest, digest_size=20).hexdigest().encode()
    try:
        _make_directory(question.root)
        _put(question.data_file, rows)
        _put(question.file, _MAGIC + head + b"\n\n" + rest)
        question.listing.save(question.listing_file)
        if reach is not None:
            _put(question.seen_file, reach.evidence)
            _put(question.reach_file, written_reach(before, reach))
        _evict(f"{question.root}/{ANSWERS}")
    except OSError:
        return


def state_before(question: Question, store: str, extras: Iterable[str]) -> DiskState | None:
    """Effect: look at the disk. Return its state, None if it cannot be told.

    Where it was looked at to recall an answer, it is that state: what has changed since is told from it just as well.
    """
    return _state(question, store, extras)


def is_settled(newest: int, question: Question | None = None) -> bool:
    """Whether what was last changed at a time, in ns, cannot be changed any more without looking otherwise.

    Args:
        newest: That time.
        question: For which the disk was looked at, if that was not just now.
    """
    looked_at = None if question is None else question.looked_at
    return (time.time_ns() if looked_at is None else looked_at[2]) - newest > COARSEST_CLOCK_NS


def keep_news(question: Question, data: bytes) -> None:
    """Effect: write down that nothing is new, as `written_news` says it; nothing if that cannot be done."""
    try:
        _make_directory(question.root)
        _put(question.news_file, data)
        question.listing.save(question.listing_file)
        _evict(f"{question.root}/{ANSWERS}")
    except OSError:
        return


def _state(question: Question, store: str, extras: Iterable[str]) -> DiskState | None:
    paths = (store, *extras)
    if question.looked_at is None or question.looked_at[0] != paths:
        now = time.time_ns()
        question.looked_at = (paths, _state_now(question, store, paths[1:]), now)
    return question.looked_at[1]


def _state_now(question: Question, store: str, extras: Iterable[str]) -> DiskState | None:
    question.listing = read_listing(question.listing_file)
    try:
        state = disk_state(question.root, store, extras, question.listing, with_code=not question.is_of_index)
    except (CannotTellError, OSError):
        return None
    if question.asks_git and _is_in_repository(question.root):
        from pathlib import Path  # noqa: PLC0415  # a third of what there is to import

        from huldra.sources.revision import head_revision  # noqa: PLC0415

        said = repr(head_revision(Path(question.root))).encode()
        digest, around = (blake2b(part + said, digest_size=20).digest() for part in (state.digest, state.around))
        return DiskState(digest, state.newest, around, state.beside, state.beside_newest, state.code)
    return state


def _root(words: Sequence[str]) -> str | None:
    given: str | None = None
    for index, word in enumerate(words):
        if word == "--root":
            given = words[index + 1] if index + 1 < len(words) else None
        elif word.startswith("--root="):
            given = word.removeprefix("--root=")
        elif word.startswith("--ro"):
            return None
    return root_named(given)


def root_named(given: str | None) -> str | None:
    """Effect: look. Return the root of the project, as `--root` says it; None where there seems to be none."""
    if given is not None:
        return os.path.realpath(given) if os.path.isdir(given) else None  # noqa: PTH112
    return _nearest_with(os.path.realpath(os.getcwd()), _MARKERS)  # noqa: PTH109


def _nearest_with(place: str, names: Iterable[str]) -> str | None:
    while True:
        if any(os.path.lexists(f"{place}/{name}") for name in names):
            return place
        above = os.path.dirname(place)  # noqa: PTH120
        if above == place:
            return None
        place = above


def _is_in_repository(root: str) -> bool:
    return _nearest_with(root, (".git",)) is not None


def _make_directory(root: str) -> None:
    os.makedirs(f"{root}/{ANSWERS}", exist_ok=True)  # noqa: PTH103
    ignore = f"{root}/.huldra_cache/.gitignore"
    if not os.path.exists(ignore):  # noqa: PTH110
        with open(ignore, "w", encoding="ascii") as file:  # noqa: PTH123
            file.write("*\n")


def _put(path: str, data: bytes) -> None:
    """Write a file whole, or not at all."""
    draft = f"{path}.{os.getpid()}.draft"
    try:
        with open(draft, "wb") as file:  # noqa: PTH123
            file.write(data)
        os.replace(draft, path)  # noqa: PTH105
    except OSError:
        _remove(draft)
        raise


def _evict(directory: str) -> None:
    """Remove all but the newest answers, and drafts of processes that were killed."""
    with os.scandir(directory) as entries:
        found = sorted(((entry.stat().st_mtime_ns, entry.path) for entry in entries), reverse=True)
    for _, path in found[_MOST_FILES:]:
        _remove(path)


def _remove(path: str) -> None:
    try:
        os.unlink(path)  # noqa: PTH108
    except OSError:
        return
