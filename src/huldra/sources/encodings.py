"""From a source file's bytes to its text, as Python itself reads them (PEP 263, PEP 3120). Knows no disk."""

import codecs
import re
from contextlib import suppress

from msgspec import Struct

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK_OR_COMMENT = re.compile(rb"^[ \t\f]*(?:#.*)?$")
_LINE_END = re.compile(r"\r\n|\r|\n")
_BYTES_LINE_END = re.compile(rb"\r\n|\r|\n")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Text(Struct, frozen=True):
    """Decoded source, line ends as they were, without the byte order mark."""

    text: str
    encoding: str = "utf-8"
    has_bom: bool = False


class Undecodable(Struct, frozen=True):
    """Bytes that Python would not take as source. Line and column count from 1, columns in code points."""

    reason: str
    line: int
    column: int


def decode_source(data: bytes) -> Text | Undecodable:
    """Return the text of a source file; UTF-8 unless its first two lines declare another encoding."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Undecodable("the file is UTF-16, which Python does not read", 1, 1)
    has_bom = data.startswith(codecs.BOM_UTF8)
    body = data.removeprefix(codecs.BOM_UTF8)
    nul = body.find(b"\0")
    if nul >= 0:
        return _undecodable("the file holds a NUL byte", body[:nul].decode(errors="replace"))
    encoding = _declared_encoding(body, has_bom=has_bom)
    if isinstance(encoding, Undecodable):
        return encoding
    try:
        text = body.decode(encoding)
    except (UnicodeError, LookupError) as error:
        return _invalid_bytes(error, body, encoding)
    # Some declared encodings can spell what UTF-8 cannot.
    fault = None if encoding == "utf-8" else check_text(text)
    return fault or Text(text, encoding, has_bom)


def _invalid_bytes(error: UnicodeError | LookupError, body: bytes, encoding: str) -> Undecodable:
    # Some codecs, such as idna, work in parts and give positions in a part, or take no way of handling errors.
    if isinstance(error, UnicodeDecodeError) and error.object == body:
        reason = f"byte 0x{body[error.start]:02x} is not valid {encoding}"
        with suppress(UnicodeError):
            return _undecodable(reason, body[: error.start].decode(encoding, errors="replace"))
    return Undecodable(f"the file cannot be decoded as {encoding}: {error}", 1, 1)


def check_text(text: str) -> Undecodable | None:
    """Say why text, from wherever it comes, cannot be Python source; None if it can."""
    nul = text.find("\0")
    if nul >= 0:
        return _undecodable("the file holds a NUL character", text[:nul])
    surrogate = _SURROGATE.search(text)
    if surrogate is not None:
        return _undecodable("the file holds half of a character (a lone surrogate)", text[: surrogate.start()])
    return None


def _undecodable(reason: str, before: str) -> Undecodable:
    lines = _LINE_END.split(before)
    return Undecodable(reason, len(lines), len(lines[-1]) + 1)


def _declared_encoding(body: bytes, *, has_bom: bool) -> str | Undecodable:
    """Return the name of the encoding that the first or second line declares, as Python spells it."""
    for number, line in enumerate(_BYTES_LINE_END.split(body, 2)[:2], start=1):
        cookie = _COOKIE.match(line)
        if cookie is not None:
            return _known_encoding(cookie[1].decode("ascii"), number, cookie.start(1) + 1, has_bom=has_bom)
        if not _BLANK_OR_COMMENT.match(line):
            break
    return "utf-8"


def _known_encoding(declared: str, line: int, column: int, *, has_bom: bool) -> str | Undecodable:
    try:
        encoding = codecs.lookup(declared).name
        # A source encoding must spell its own declaration in ASCII: not UTF-16, and not `hex`, which is no text.
        spells_ascii = b"coding".decode(encoding) == "coding"
    except (LookupError, UnicodeError):
        return Undecodable(f"unknown encoding {declared!r}", line, column)
    if not spells_ascii:
        return Undecodable(f"{declared!r} cannot be the encoding of Python source", line, column)
    if has_bom and encoding != "utf-8":
        return Undecodable(f"the byte order mark says UTF-8, the declaration says {declared!r}", line, column)
    return encoding
