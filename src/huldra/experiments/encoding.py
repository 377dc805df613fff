"""Experiments as bytes and back, for caches. Data only: reading them cannot run anything."""

import msgspec

from huldra.experiments.model import Experiments

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Experiments)


class NotEncodableError(ValueError):
    """The experiments hold what has no encoding here: a number past 64 bits, half a character, very deep nesting."""


class DamagedExperimentsError(ValueError):
    """The bytes are not experiments."""


def encode_experiments(experiments: Experiments) -> bytes:
    """Return experiments as bytes.

    Raises:
        NotEncodableError: they hold what cannot be written.
    """
    try:
        return _encoder.encode(experiments)
    except (UnicodeEncodeError, OverflowError, RecursionError) as error:
        raise NotEncodableError(str(error)) from error


def decode_experiments(data: bytes) -> Experiments:
    """Return the experiments that bytes hold.

    Raises:
        DamagedExperimentsError: they hold none.
    """
    try:
        return _decoder.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise DamagedExperimentsError(str(error)) from error
