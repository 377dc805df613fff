"""Writing to the terminal: colours where a person reads, plain whole lines in a pipe. Knows nothing of what is said.

What colours takes as long to import as half a dozen packages of ours, and in a pipe nobody needs it.
"""

import os
import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, TextIO, TypeAlias, Union

from huldra.cli.arguments import Options
from huldra.exports.harmless_text import CONTROLS

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

GAP = "  "
DIM = "bright_black"
INDENT = "  "
_BAR_WIDTH = 24
# For an output that knows no such characters, a Windows pipe say. One for one, so that styles keep their places.
_PLAINER = str.maketrans("…·├─└│→", "~-|-`|>")
_DROPPED: dict[int, str] = dict.fromkeys((7, 8, 11, 12, 13), "")
"""What the library that colours takes away; it says the same in a pipe."""

_STATES_BY_STYLE = {
    "green": ("current",),
    "cyan": ("running", "queued", "information"),
    "blue": ("missing",),
    "red": ("failed", "crashed", "preempted", "cancelled", "incomplete", "error"),
    "yellow": ("stale", "warning"),
    "magenta": ("orphan",),
    "bright_black": ("unverifiable", "hint"),
}
STYLES = {state: style for style, states in _STATES_BY_STYLE.items() for state in states}
"""The colour of each verdict and severity."""


Part: TypeAlias = Union[str, "Text", tuple[str, str]]
"""Words, styled words, or words with their style."""


class Terminal:
    """Data goes to stdout and hints go to stderr, both as whole lines that nothing wraps or cuts."""

    def __init__(self, options: Options) -> None:
        self.is_quiet = options.verbosity < 0
        self.is_verbose = options.verbosity > 0
        self._out = _Stream(sys.stdout, has_color=options.has_color)
        self._err = _Stream(sys.stderr, "standard error", has_color=options.has_color)

    @property
    def width(self) -> int | None:
        """The columns of the terminal; None in a pipe, where lines may be as long as they like."""
        return self._out.console.width if self._out.is_styled else None

    def line(self, *parts: Part) -> None:
        """Effect: write one line to stdout."""
        self._out.write(parts)

    def hint(self, *parts: Part) -> None:
        """Effect: write one line to stderr, unless hints are not wanted."""
        if not self.is_quiet:
            self._err.write(parts)

    def complain(self, words: str) -> None:
        """Effect: write to stderr why there is no answer."""
        self._err.write((f"huldra: {words}",))

    def lines(self, texts: Iterable["Text"]) -> None:
        """Effect: write lines to stdout."""
        for text in texts:
            self.line(text)

    @contextmanager
    def progress(self, words: str) -> Generator[Callable[[int, int], None], None, None]:
        """Let a person at a terminal see that something is being done; what is yielded tells how many runs of how many.

        Effect: writes to stderr, and removes it again.
        """
        if self.is_quiet or not self._err.is_styled or not sys.stderr.isatty():
            yield lambda _done, _total: None
            return
        with self._err.console.status(words) as status:
            yield lambda done, total: status.update(f"{words}: {_bar(done, total)} {done:,} of {total:,} runs")


def _bar(done: int, total: int) -> str:
    filled = _BAR_WIDTH * done // max(total, 1)
    return "━" * filled + "─" * (_BAR_WIDTH - filled)


def write_data(text: str) -> None:
    """Effect: write a document to stdout, in UTF-8 whatever the locale says, ended by a newline."""
    _reconfigure(sys.stdout, encoding="utf-8", errors="surrogateescape")
    with _named("standard output"):
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def styled(text: str, style: str) -> "Text":
    """Return text in a style, or in that of a verdict or severity."""
    from rich.text import Text  # noqa: PLC0415  # see above

    return Text(text, style=STYLES.get(style, style))


def counts_text(count: int, singular: str, plural: str = "") -> str:
    """Return `1 run`, `2 runs`."""
    return f"{count} {singular if count == 1 else plural or f'{singular}s'}"


def aligned(
    rows: Sequence[Sequence["str | Text"]], right: frozenset[int] = frozenset(), indent: str = ""
) -> list["Text"]:
    """Return rows as lines with aligned columns; those in `right` are aligned there. The last column is not padded."""
    from rich.text import Text  # noqa: PLC0415  # see above

    cells = [[cell if isinstance(cell, Text) else Text(cell) for cell in row] for row in rows]
    count = max((len(row) for row in cells), default=0)
    widths = [max((row[i].cell_len for row in cells if i < len(row)), default=0) for i in range(count)]
    lines: list[Text] = []
    for row in cells:
        line = Text(indent)
        for index, cell in enumerate(row):
            padding = " " * (widths[index] - cell.cell_len)
            is_last = index == len(row) - 1
            line.append(GAP if index else "")
            line.append_text(Text.assemble(padding, cell) if index in right else cell)
            line.append("" if index in right or is_last else padding)
        line.rstrip()
        lines.append(line)
    return lines


@contextmanager
def _named(stream: str) -> Generator[None, None, None]:
    """Have what stops the writing to a stream say which one it is: the system names files only."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = stream
        raise


def _reconfigure(stream: TextIO, **settings: str) -> None:
    # What tests and embedders put in the place of a stream may not have it.
    reconfigure = getattr(stream, "reconfigure", None)
    if callable(reconfigure):
        reconfigure(**settings)


class _Stream:
    """Where lines go: to people, with colours, or into a pipe."""

    def __init__(self, stream: TextIO, name: str = "standard output", *, has_color: bool) -> None:
        _reconfigure(stream, errors="backslashreplace")
        is_wanted = has_color and not os.environ.get("NO_COLOR")
        is_forced = os.environ.get("FORCE_COLOR", "") not in {"", "0"}
        self._stream = stream
        self._name = name
        self._is_terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
        self.is_styled = is_wanted and (is_forced or self._is_terminal)

    @cached_property
    def console(self) -> "Console":
        """What writes with colours."""
        from rich.console import Console  # noqa: PLC0415  # see above

        class _Console(Console):
            def on_broken_pipe(self) -> None:
                raise BrokenPipeError

        system = "auto" if self._is_terminal else "standard"
        return _Console(
            file=self._stream, force_terminal=True, color_system=system, highlight=False, markup=False, emoji=False
        )

    def write(self, parts: Sequence[Part]) -> None:
        """Effect: write one line."""
        if not self.is_styled:
            words = "".join(part[0] if isinstance(part, tuple) else str(part) for part in parts)
            with _named(self._name):
                self._stream.write(f"{self._plain(words.translate(_DROPPED))}\n")
                self._stream.flush()
            return
        from rich.text import Text  # noqa: PLC0415  # see above

        text = Text.assemble(*parts)
        with _named(self._name):
            self.console.print(Text(self._plain(text.plain), style=text.style, spans=text.spans), soft_wrap=True)

    def _plain(self, words: str) -> str:
        plain = words.translate(CONTROLS)  # a stored error message, say, may hold anything
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        return plain if encoding.lower().startswith("utf") else plain.translate(_PLAINER)
