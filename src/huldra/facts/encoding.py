"""Facts as bytes and back, for caches and between processes. Data only: reading them cannot run anything."""

import msgspec

from huldra.facts.statements import FileFacts, PieceFacts

FACTS_VERSION = 6
"""Part of every cache key; raised whenever equal text may give other facts."""

_encoder = msgspec.msgpack.Encoder()
_files = msgspec.msgpack.Decoder(FileFacts)
_pieces = msgspec.msgpack.Decoder(PieceFacts)


class DamagedFactsError(ValueError):
    """The bytes are not facts of this version."""


def encode_facts(facts: FileFacts | PieceFacts) -> bytes:
    """Return facts as bytes; equal facts give equal bytes."""
    return _encoder.encode(facts)


def decode_facts(data: bytes) -> FileFacts:
    """Return the facts of a file; raise DamagedFactsError if the bytes hold none."""
    try:
        return _files.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise DamagedFactsError(str(error)) from error


def decode_piece(data: bytes) -> PieceFacts:
    """Return the facts of a piece; raise DamagedFactsError if the bytes hold none."""
    try:
        return _pieces.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise DamagedFactsError(str(error)) from error
