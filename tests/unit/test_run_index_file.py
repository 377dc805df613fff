"""The file of an index: damaged, of another version, held by somebody else, or not to be written."""

import sqlite3

import pytest

from huldra.stored_runs.index.refresh import read_indexed
from tests.unit.changing_stores import assert_same, digest, fill, only_file, tick
from tests.unit.test_stored_runs_builder import make_good_run


@pytest.mark.usefixtures("settled")
def test_what_a_former_version_kept_goes(store, cache):
    fill(store)
    read_indexed(store, cache)
    (now,) = cache.glob("*.sqlite")
    name = now.name.rpartition("-")[2]
    version = int(now.name.split("-")[1].removeprefix("v"))
    former, newer, another = (
        cache / file
        for file in (f"runs-v{version - 1}-{name}", f"runs-v{version + 1}-{name}", f"runs-v{version - 1}-0000.sqlite")
    )
    for file in (former, newer, another):
        file.write_text("")
    now.unlink()
    read_indexed(store, cache)
    assert [file.exists() for file in (now, former, newer, another)] == [True, False, True, True]


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"\xff" * 5000])
@pytest.mark.usefixtures("settled")
def test_a_damaged_index_is_made_anew_without_a_word(store, cache, content, capsys):
    fill(store)
    assert_same(store, cache)
    only_file(cache).write_bytes(content)
    assert_same(store, cache)
    assert_same(store, cache)
    assert assert_same(store, cache).read == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("column", ["head", "body"])
@pytest.mark.usefixtures("settled")
def test_a_damaged_row_is_read_again(store, cache, column):
    fill(store)
    assert_same(store, cache)
    with sqlite3.connect(only_file(cache)) as connection:
        end = f"CAST(substr({column}, 1, length({column}) - 1) || x'00' AS BLOB)"
        connection.execute(f"UPDATE segments SET {column} = {end}")  # noqa: S608  one of two columns
        connection.execute("UPDATE directories SET contents = x'c1'")
    connection.close()
    assert_same(store, cache)
    assert_same(store, cache)
    assert assert_same(store, cache).read == 0


@pytest.mark.usefixtures("settled")
def test_an_index_that_somebody_else_holds_is_done_without(store, cache, monkeypatch):
    monkeypatch.setattr("huldra.stored_runs.index.file._WAIT_S", 0.01)
    fill(store)
    assert_same(store, cache)
    tick()
    make_good_run(store, digest=digest(9))
    other = sqlite3.connect(only_file(cache), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert assert_same(store, cache).read == 1
    assert assert_same(store, cache).read == 1
    other.execute("ROLLBACK")
    other.close()
    assert assert_same(store, cache).read == 1
    assert assert_same(store, cache).read == 0


@pytest.mark.usefixtures("settled")
def test_a_cache_that_cannot_be_written(store, tmp_path):
    fill(store)
    (tmp_path / "cache").write_text("a file")
    assert assert_same(store, tmp_path / "cache").read == 6


@pytest.mark.usefixtures("settled")
def test_several_stores_have_indexes_of_their_own(tmp_path, cache):
    fill(tmp_path / "one", 2)
    fill(tmp_path / "two", 3)
    for _ in range(2):
        assert len(read_indexed(tmp_path / "one", cache).store.runs) == 2
        assert len(read_indexed(tmp_path / "two", cache).store.runs) == 3
    assert len(list(cache.glob("*.sqlite"))) == 2
    assert (cache / ".gitignore").read_text() == "*\n"


def test_a_store_that_is_none_leaves_no_index(tmp_path, cache):
    assert read_indexed(tmp_path / "nowhere", cache).store.status == "missing"
    assert not cache.exists()
