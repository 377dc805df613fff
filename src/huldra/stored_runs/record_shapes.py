"""What the reader wants of each record, decoded at once from its bytes. Knows no disk, and no words for damage.

A decoder here refuses all that the strict models of `formats.records` refuse, and a little more (`NaN`, say): bytes
that are refused are for those models to judge, which say what is wrong.
"""

from collections.abc import Callable
from functools import cache
from typing import Literal

import msgspec

from huldra.formats.attempts import AttemptStatus
from huldra.formats.json_values import JsonValue
from huldra.formats.loaded_sources import LoadedSources
from huldra.stored_runs.json_texts import from_json

TYPE_CHECKING = False  # as in `typing`: the strict models take long to import, and are rarely needed
if TYPE_CHECKING:
    from huldra.formats.records import MetadataRecord, StateRecord, SuccessRecord

ResultStatus = Literal["absent", "incomplete", "failed", "success", "migrated"]

_ACTIVE = frozenset({"queued", "running"})
_MOST_BRACKETS = 100
"""No value with fewer nests too deep for any reader."""


class Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A record, or a part of one."""


class OwnerShape(Shape, frozen=True, kw_only=True):
    """The process that made an attempt."""

    pid: int | None = None
    host: str | None = None
    hostname: str | None = None
    user: str | None = None
    command: str | None = None
    timestamp: str | None = None
    python_version: str | None = None
    executable: str | None = None
    platform: str | None = None


class ErrorShape(Shape, frozen=True, kw_only=True):
    """Why an attempt ended badly."""

    type: str
    message: str
    traceback: str | None = None


class ResultShape(Shape, frozen=True, kw_only=True):
    """The result; only a success says when it was made."""

    status: ResultStatus
    created_at: str | msgspec.UnsetType = msgspec.UNSET


class AttemptShape(Shape, frozen=True, kw_only=True):
    """The latest attempt. What an attempt of its status cannot have is unset."""

    id: str
    number: int
    backend: str
    status: AttemptStatus
    started_at: str
    heartbeat_at: str | None = None
    lease_duration_sec: float
    lease_expires_at: str
    owner: OwnerShape
    scheduler: dict[str, bool | int | float | str | None] = {}  # msgspec gives each its own
    ended_at: str | msgspec.UnsetType = msgspec.UNSET
    error: ErrorShape | msgspec.UnsetType | None = msgspec.UNSET
    reason: str | msgspec.UnsetType | None = msgspec.UNSET

    @property
    def is_active(self) -> bool:
        """Whether it is recorded as waiting or running."""
        return self.status in _ACTIVE


class StateShape(Shape, frozen=True, kw_only=True):
    """state.json."""

    schema_version: Literal[1]
    result: ResultShape
    attempt: AttemptShape | None = None
    updated_at: str | None = None


class SuccessShape(Shape, frozen=True, kw_only=True):
    """SUCCESS.json."""

    attempt_id: str
    created_at: str


class MetadataShape(Shape, frozen=True, kw_only=True):
    """metadata.json, with the library's name cut from the keys; `obj` is JSON text, empty where there is none."""

    python_def: str
    obj: msgspec.Raw = msgspec.Raw()
    hash: str
    path: str
    git_commit: str | None
    git_branch: str | None
    git_remote: str | None
    git_patch: str | None
    git_submodules: dict[str, str]
    timestamp: str
    command: str
    python_version: str
    executable: str
    platform: str
    hostname: str
    user: str
    pid: int


class EventShape(Shape, frozen=True, kw_only=True):
    """A line of events.jsonl with the keys that the library writes today."""

    ts: str
    pid: int
    host: str
    type: str
    attempt_id: str | None = None
    backend: str | None = None
    status: str | None = None
    reason: str | None = None


Refusal = (msgspec.MsgspecError, ValueError, RecursionError)
"""What decoders raise."""

decode_success = msgspec.json.Decoder(SuccessShape).decode
decode_sources = msgspec.json.Decoder(LoadedSources).decode
decode_event = msgspec.json.Decoder(EventShape).decode
_decode_state = msgspec.json.Decoder(StateShape).decode


def decode_state(data: bytes) -> StateShape:
    """Return the record that bytes hold. Raise one of `Refusal`."""
    state = _decode_state(data)
    if (state.result.status == "success") is (state.result.created_at is msgspec.UNSET):
        raise msgspec.ValidationError
    if state.attempt is not None and not _is_consistent(state.attempt):
        raise msgspec.ValidationError
    return state


def _is_consistent(attempt: AttemptShape) -> bool:
    unset = msgspec.UNSET
    if attempt.is_active:
        return attempt.ended_at is unset and attempt.error is unset and attempt.reason is unset
    if attempt.ended_at is unset:
        return False
    if attempt.status == "success":
        return attempt.error is unset
    return attempt.status != "failed" or isinstance(attempt.error, ErrorShape)


@cache
def metadata_decoder(prefix: str) -> Callable[[bytes], MetadataShape]:
    """Return the decoder of a metadata record with its keys as one name of the library writes them."""

    class Prefixed(MetadataShape, frozen=True, kw_only=True, rename=lambda name: f"{prefix}_{name}"):
        python_def: str
        obj: msgspec.Raw = msgspec.Raw()
        hash: str
        path: str

    return msgspec.json.Decoder(Prefixed).decode


def read_config(obj: msgspec.Raw) -> tuple[bytes, JsonValue]:
    """Return the JSON text of a config without its spaces, and its value. Raise one of `Refusal`.

    The value is what the strict models read, whose parser this is; one that may nest too deep for it is left to them.
    """
    data = bytes(obj)
    if data.count(b"{") + data.count(b"[") > _MOST_BRACKETS:
        raise msgspec.ValidationError
    return msgspec.json.format(data, indent=-1), from_json(data)


def state_of_record(record: "StateRecord") -> StateShape:
    """Return a record that the strict model has read."""
    said: object = record.model_dump(exclude_unset=True, exclude={"attempt": {"scheduler"}})
    return msgspec.convert(said, StateShape)


def metadata_of_record(record: "MetadataRecord") -> MetadataShape:
    """Return a record that the strict model has read, but for its config."""
    said: object = record.model_dump(exclude={"obj"})
    return msgspec.convert(said, MetadataShape)


def success_of_record(record: "SuccessRecord") -> SuccessShape:
    """Return a record that the strict model has read."""
    return SuccessShape(attempt_id=record.attempt_id, created_at=record.created_at)
