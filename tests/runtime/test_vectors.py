"""Every recorded identity: hash, canonical text, directory, `to_dict`, `to_python` and errors."""

import time

import pytest

import huldra
from huldra.formats.identity import canonical_json
from huldra.runtime.values import to_value
from tests.runtime.vectors import IDENTITY, build, error_of, tagged

REFUSED = [vector for vector in IDENTITY["vectors"] if "construct_error" in vector]
BUILT = [vector for vector in IDENTITY["vectors"] if "construct_error" not in vector]
PARAMETERS = [pytest.param(vector, vector["tz"], id=vector["id"]) for vector in BUILT]
each_vector = pytest.mark.parametrize(("vector", "time_zone"), PARAMETERS, indirect=["time_zone"])


@pytest.fixture
def time_zone(request, monkeypatch):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def config(vector, time_zone):  # noqa: ARG001  it is set while the test runs
    """The object that a vector describes, built in the vector's time zone."""
    return build(vector)


def test_all_vectors_are_here():
    assert len(BUILT) + len(REFUSED) == 161


@pytest.mark.parametrize("vector", REFUSED, ids=lambda vector: vector["id"])
def test_construction_errors(vector):
    with pytest.raises(error_of(vector, "construct")):
        build(vector)


@each_vector
def test_identity(vector, config, huldra_store):
    if expected := error_of(vector, "hash"):
        for ask in (lambda: config._huldra_hash, lambda: config.huldra_dir, config.exists, config.load_or_create):
            with pytest.raises(expected):
                ask()
        return
    assert canonical_json(to_value(config)) == vector["canonical_json"]
    assert huldra.HuldraSerializer.compute_hash(config) == vector["hash"]
    assert huldra.HuldraSerializer.get_classname(config) == vector["class"]
    assert config._huldra_hash == config.huldra_hash == vector["hash"]
    assert config.huldra_dir == huldra_store / vector["dir"]
    assert config._namespace().as_posix() == vector["namespace"]
    assert vector["dir"].startswith(vector["root"] + "/")
    assert not huldra_store.exists(), "asking for a name must not create anything"


@each_vector
def test_to_dict(vector, config):
    if expected := error_of(vector, "to_dict"):
        with pytest.raises(expected, match="MISSING"):
            config.to_dict()
    elif "to_dict_not_json" not in vector:
        found = tagged(config.to_dict())
        assert found == vector["to_dict"]
        assert list(found) == list(vector["to_dict"]), "fields keep their order"


@each_vector
def test_to_python(vector, config):
    if expected := error_of(vector, "to_python"):
        with pytest.raises(expected, match="MISSING"):
            config.to_python()
        return
    if "to_python_unstable" in vector:
        return
    one_line, lines = config.to_python(multiline=False), config.to_python()
    if vector.get("to_python_set_order_varies"):
        assert sorted(one_line) == sorted(vector["to_python"])
        assert sorted(lines) == sorted(vector["to_python_multiline"])
    else:
        assert one_line == vector["to_python"]
        assert lines == vector["to_python_multiline"]
