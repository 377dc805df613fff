"""The quick decoders accept nothing that the strict models refuse, and read the same out of what both accept."""

import json
import random

import msgspec
import pytest
from pydantic import ValidationError

from huldra.formats.config_documents import value_from_document
from huldra.formats.loaded_sources import LoadedSources
from huldra.formats.records import EventRecord, MetadataRecord, SourcesRecord, StateRecord, SuccessRecord
from huldra.stored_runs.record_shapes import (
    EventShape,
    MetadataShape,
    Refusal,
    StateShape,
    SuccessShape,
    decode_event,
    decode_sources,
    decode_state,
    decode_success,
    metadata_decoder,
    metadata_of_record,
    read_config,
    state_of_record,
)
from huldra.stored_runs.strict_records import metadata_model
from tests.unit.test_stored_runs_builder import attempt, metadata, state

ODD = (
    *(b"null", b"true", b"1", b"1.0", b"-0", b"1e2", b'"1"', b"[]", b"{}", b"[[{}]]", b'{"a": "b"}', b'{"a": [1]}'),
    *(b"NaN", b"Infinity", b"1e400", b"18446744073709551616", b"9" * 5000, b"01", b".5", b"1.", b'"\\ud800"'),
    *(b'"\xff"', b'"a\x01"', b'"\\u0000"', b'"\xed\xa0\x80"', b'{"a": 1, "a": 2}', b"[" * 150 + b"]" * 150, b"[1,]"),
    *(b'{"__class__": "m.C", "x": 1.7976931348623159e308}', b'{"\xff": 1}', b"[" * 250 + b"]" * 250, b'"success"', b""),
)
STATES = [
    state("success", attempt()),
    state("failed", attempt("failed")),
    state("incomplete", attempt("running")),
    state("incomplete", attempt("queued", scheduler={"job_id": "4711", "nodes": 2})),
    state("failed", attempt("crashed", error=None)),
    state("incomplete", attempt("preempted", error={"type": "E", "message": "m"}, reason="why")),
    state("absent"),
    state("migrated"),
]
SOURCES = {
    "schema_version": 1,
    "python": "3.12.1",
    "root_marker": ".git",
    "entry": None,
    "files": {"a.py": "0" * 64},
    "distributions": {"numpy": "2.0"},
    "not_copied": {"b.py": "too large"},
    "changed_since_start": ["a.py"],
}
KEYS = ("status", "created_at", "ended_at", "error", "reason", "colour", "heartbeat_at", "scheduler")


def spoilt(document, seed):
    """Return the bytes of a record of which one thing or two are other than they should be."""
    chance = random.Random(seed)
    record = json.loads(json.dumps(document))
    for number in range(chance.choice((1, 1, 2))):
        place = record
        while True:
            inner = [key for key, value in place.items() if isinstance(value, dict)]
            if not inner or chance.random() < 0.4:
                break
            place = place[chance.choice(inner)]
        key = chance.choice([*place, *KEYS])
        if chance.random() < 0.2:
            place.pop(key, None)
        elif key not in place or not isinstance(place[key], dict):
            place[key] = f"<odd {number}>"
    data = json.dumps(record, ensure_ascii=False).encode()
    for number in range(2):
        data = data.replace(f'"<odd {number}>"'.encode(), chance.choice(ODD))
    if chance.random() < 0.2:
        data = chance.choice(
            (b"\xef\xbb\xbf" + data, data + b" x", data + b"\n\t ", data[:-1], data.replace(b"{", b'{"pid": 1, '))
        )
    return data


def accepted(decode, data):
    try:
        return decode(data)
    except Refusal:
        return None


@pytest.mark.parametrize("document", STATES)
def test_states(document):
    assert decode_state(json.dumps(document).encode()) is not None
    agreed = 0
    for seed in range(1500):
        data = spoilt(document, seed)
        shape = accepted(decode_state, data)
        if shape is not None:
            # Raises where the model refuses what was accepted.
            record = state_of_record(StateRecord.model_validate_json(data))
            assert without_scheduler(shape) == without_scheduler(record), data
            agreed += 1
    assert agreed > 100


def without_scheduler(shape):
    found = msgspec.to_builtins(shape)
    for part in (found, found.get("attempt") or {}):
        part.pop("scheduler", None)
    return found


@pytest.mark.parametrize("prefix", ["huldra", "gren"])
def test_metadata(prefix):
    model, decode = metadata_model(prefix), metadata_decoder(prefix)

    def read(data):
        shape = decode(data)
        return shape, *read_config(shape.obj)

    agreed = 0
    for seed in range(4000):
        data = spoilt(metadata(prefix), seed)
        found = accepted(read, data)
        if found is None:
            continue
        shape, text, config = found
        record = model.model_validate_json(data)
        plain = metadata_of_record(record)
        assert all(getattr(shape, key) == getattr(plain, key) for key in MetadataRecord.model_fields if key != "obj")
        assert value_from_document(config) == value_from_document(record.obj)
        assert value_from_document(read_config(msgspec.Raw(text))[1]) == value_from_document(record.obj)
        agreed += 1
    assert agreed > 300


@pytest.mark.parametrize(
    ("decode", "model", "document"),
    [
        (decode_success, SuccessRecord, {"attempt_id": "a", "created_at": "b"}),
        (decode_sources, SourcesRecord, SOURCES),
        (decode_event, EventRecord, {"ts": "t", "pid": 1, "host": "h", "type": "attempt_started", "status": "x"}),
    ],
)
def test_small_records(decode, model, document):
    agreed = 0
    for seed in range(1500):
        data = spoilt(document, seed)
        shape = accepted(decode, data)
        if shape is not None:
            record = model.model_validate_json(data)
            assert all(getattr(shape, name) == getattr(record, name) for name in model.model_fields)
            agreed += 1
    assert agreed > 50


def test_every_key_of_the_models_has_its_place():
    assert set(SourcesRecord.model_fields) == {field.name for field in msgspec.structs.fields(LoadedSources)}
    for model, shape in ((StateRecord, StateShape), (SuccessRecord, SuccessShape), (MetadataRecord, MetadataShape)):
        assert set(model.model_fields) == {field.name for field in msgspec.structs.fields(shape)}
    assert set(EventRecord.model_fields) <= {field.name for field in msgspec.structs.fields(EventShape)}


def test_what_is_refused_is_left_to_the_models():
    lease = json.dumps(state("success", attempt())).replace("120.0", "1e400")
    assert accepted(decode_state, lease.encode()) is None
    record = state_of_record(StateRecord.model_validate_json(lease))
    assert record.attempt.lease_duration_sec == float("inf")
    with pytest.raises(ValidationError):
        StateRecord.model_validate_json(lease.replace("1e400", "true"))
