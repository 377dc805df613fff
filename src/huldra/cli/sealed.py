"""Files with a digest before their content, so that what was half-written is told. Imports next to nothing."""

from hashlib import blake2b

_HASH_BYTES = 20


def sealed(magic: bytes, content: bytes) -> bytes:
    """Return the bytes of a file; `magic` says of what kind it is."""
    return magic + blake2b(content, digest_size=_HASH_BYTES).digest() + content


def read_sealed(path: str, magic: bytes) -> bytes | None:
    """Effect: read. Return the content of a file of that kind; None where there is none, or it is damaged."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            data = file.read()
    except OSError:
        return None
    content = data[len(magic) + _HASH_BYTES :]
    return content if data == sealed(magic, content) else None
