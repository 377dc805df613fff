"""The store of the sample project, written by the reference: read whole, and written back the same byte for byte."""

import json
import tarfile
from pathlib import Path

import pytest

import huldra
from huldra.formats.records import SuccessRecord
from huldra.runtime.state import state_document

FIXTURE = Path(__file__).parents[2] / "fixtures" / "toytext" / "store.tar.gz"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The directories of all runs."""
    folder = tmp_path_factory.mktemp("reference")
    with tarfile.open(FIXTURE) as archive:
        archive.extractall(folder, filter="data")
    return [path.parent.parent for path in sorted(folder.rglob("state.json"))]


def test_every_state_is_read_and_written_the_same(runs):
    assert len(runs) > 10
    for run in runs:
        text = (run / ".huldra" / "state.json").read_text()
        state = huldra.StateManager.read_state(run)
        assert json.dumps(state_document(state), indent=2) == text


def test_every_metadata_is_read_and_written_the_same(runs):
    found = [path for run in runs if (path := run / ".huldra" / "metadata.json").exists()]
    assert found
    for path in found:
        metadata = huldra.MetadataManager.read_metadata(path.parent.parent)
        assert json.dumps(metadata.model_dump(mode="json"), indent=2) == path.read_text()


def test_every_success_marker_is_read_and_written_the_same(runs):
    found = [path for run in runs if (path := run / ".huldra" / "SUCCESS.json").exists()]
    assert found
    for path in found:
        marker = SuccessRecord.model_validate_json(path.read_bytes())
        assert json.dumps(marker.model_dump(), indent=2) == path.read_text()
