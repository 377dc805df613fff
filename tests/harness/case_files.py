"""Case files as data: a title, the files of a small project, and the expected answers that stand at its lines.

Read with Python's tokenizer alone, never with the code under test.
"""

import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_FILE = "case.py"
_PART = re.compile(r"#: file (?P<name>\S+)$")
_NOT_RUN = re.compile(r"#: not run: .+$")
_MARKER = re.compile(r"# (?P<kind>[a-z]+)(?:\((?P<subject>[^()#]+)(?:#(?P<number>\d+))?\))?:(?: (?P<expected>.*))?$")
_COMMENT = re.compile(r"# [a-z]+(?:\([^()]*\))?:.*$")


class BadCaseError(ValueError):
    """A case file that breaks the format."""


@dataclass(frozen=True, slots=True)
class Marker:
    """One expected answer.

    Attributes:
        line: The line of the marker in the case file, from 1.
        target: The line that it speaks of, in the case file.
        subject: The text on that line that it asks about; empty for the whole line.
        column: Where the subject begins, from 1; 0 without a subject.
    """

    kind: str
    subject: str
    column: int
    expected: str
    line: int
    target: int
    part: str


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a case's project; `offset` is the number of lines of the case file before it."""

    name: str
    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Case:
    """A case file; `is_run` is false where real Python cannot be asked."""

    path: Path
    title: str
    parts: tuple[Part, ...]
    markers: tuple[Marker, ...]
    is_run: bool

    @property
    def files(self) -> Mapping[str, str]:
        """The files of the project by name."""
        return {part.name: part.text for part in self.parts}

    def line_in_case(self, file: str, line: int) -> int:
        """Return the line of the case file for a line of one of its parts; that of a comment is the code's below."""
        part = next(part for part in self.parts if part.name == file)
        lines = part.text.splitlines()
        while line < len(lines) and _is_no_code(lines[line - 1]):
            line += 1
        return part.offset + line


def read_case(path: Path, kinds: frozenset[str]) -> Case:
    """Return a case file.

    Raises:
        BadCaseError: no title, an unknown kind, a subject that is not on its line, or a marker that speaks of nothing.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or not re.fullmatch(r"# [A-Z`\"'*_\d].*\.", lines[0]):
        raise BadCaseError(f"{path}:1: the first line is a comment with one sentence")
    parts = tuple(_parts(lines))
    lost = [line for line in lines[1 : parts[0].offset - 1] if line.strip() and not line.startswith("#")]
    if lost:
        raise BadCaseError(f"{path}: {lost[0]!r} stands before the first file")
    markers = tuple(marker for part in parts for marker in _markers(path, part, kinds))
    is_run = not any(_NOT_RUN.fullmatch(line) for line in lines)
    return Case(path, lines[0].removeprefix("# "), parts, markers, is_run)


def _parts(lines: list[str]) -> Iterator[Part]:
    starts = [(number, match["name"]) for number, line in enumerate(lines) if (match := _PART.fullmatch(line))]
    if not starts:
        yield Part(DEFAULT_FILE, "\n".join(lines[1:]) + "\n", 1)
        return
    for (number, name), (end, _) in zip(starts, [*starts[1:], (len(lines), "")], strict=True):
        yield Part(name, "\n".join(lines[number + 1 : end]) + "\n", number + 1)


def _markers(path: Path, part: Part, kinds: frozenset[str]) -> Iterator[Marker]:
    lines = part.text.splitlines()
    for number, column, comment in _comments(part.text):
        if not _COMMENT.fullmatch(comment):
            continue
        where = f"{path}:{part.offset + number}"
        match = _MARKER.fullmatch(comment)
        if match is None or match["kind"] not in kinds:
            raise BadCaseError(f"{where}: {comment!r} is no marker of a known kind")
        is_alone = not lines[number - 1][:column].strip()
        target = _next_code(lines, number) if is_alone else number
        if target is None:
            raise BadCaseError(f"{where}: no line of code follows")
        code = lines[target - 1]
        code = code if is_alone else code[:column]
        subject = match["subject"] or ""
        yield Marker(
            kind=match["kind"],
            subject=subject,
            column=_column(code, subject, int(match["number"] or 1), where),
            expected=match["expected"] or "",
            line=part.offset + number,
            target=part.offset + target,
            part=part.name,
        )


def _comments(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield line, column and text of each comment; past what cannot be tokenized, what looks like a marker."""
    seen = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                seen = token.start[0]
                yield token.start[0], token.start[1], token.string
    except (tokenize.TokenError, SyntaxError):
        for number, line in enumerate(text.splitlines(), 1):
            if number > seen and (match := _COMMENT.search(line)):
                yield number, match.start(), match.group()


def _next_code(lines: list[str], number: int) -> int | None:
    return next((n for n in range(number + 1, len(lines) + 1) if not _is_no_code(lines[n - 1])), None)


def _is_no_code(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _column(code: str, subject: str, number: int, where: str) -> int:
    if not subject:
        return 0
    found = [match.start() for match in re.finditer(rf"(?<!\w){re.escape(subject)}(?!\w)", code)]
    if len(found) < number:
        raise BadCaseError(f"{where}: {subject!r} is not on the line")
    return found[number - 1] + 1


def rewrite(case: Case, answers: Mapping[int, tuple[Marker, str]]) -> None:
    """Effect: put answers in the place of the expected texts of a case file, by the markers' lines."""
    lines = case.path.read_text(encoding="utf-8").splitlines()
    for number, (marker, answer) in answers.items():
        line = lines[number - 1]
        end = len(line) - len(marker.expected)
        lines[number - 1] = f"{line[:end].rstrip()} {answer}" if marker.expected else f"{line} {answer}"
    case.path.write_text("\n".join(lines) + "\n", encoding="utf-8")
