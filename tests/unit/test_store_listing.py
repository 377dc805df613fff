"""What is known of a store's directories never changes what is seen of it, whatever happens to the store."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from huldra.sources import store_listing
from huldra.sources.disk_state import disk_state
from huldra.sources.path_rows import CannotTellError
from huldra.sources.store_listing import StoreListing, read_listing

HASH = "0123456789abcdef0123"
LATER = 10_000_000_000


@pytest.fixture
def store(tmp_path: Path) -> Path:
    for number in range(3):
        records = tmp_path / "store" / "data" / "lab" / f"Class{number}" / f"{HASH[:-1]}{number}" / ".huldra"
        records.mkdir(parents=True)
        for name in ("state.json", "metadata.json"):
            (records / name).write_text("{}")
        (records.parent / "result.bin").write_text("1")
    return tmp_path / "store"


@pytest.fixture
def _later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was made in this test was made long ago."""
    now = store_listing.time.time_ns
    monkeypatch.setattr(store_listing.time, "time_ns", lambda: now() + LATER)


def digest(store: Path, listing: StoreListing | None = None) -> bytes:
    return disk_state(str(store.parent), str(store), listing=listing, with_code=False).beside


def seen(store: Path) -> StoreListing:
    """Look at a store once, and take what was seen as another process would."""
    listing = StoreListing({})
    digest(store, listing)
    file = str(store.parent / "listing")
    listing.save(file)
    return read_listing(file)


def listed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return where it is said which directories are read."""
    found: list[str] = []
    real = store_listing._listed
    monkeypatch.setattr(store_listing, "_listed", lambda directory: found.append(directory) or real(directory))
    return found


@pytest.mark.usefixtures("_later")
def test_directories_at_rest_are_not_read_again(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = seen(store)
    found = listed(monkeypatch)
    assert digest(store, known) == digest(store)
    found.clear()
    digest(store, known)
    assert found == []
    new = store / "data" / "lab" / "Class1" / f"{HASH[:-1]}1" / ".huldra" / "SUCCESS.json"
    new.write_text("{}")
    assert digest(store, known) == digest(store)
    found.clear()
    digest(store, known)
    assert found == [str(new.parent)]


def test_what_changed_a_moment_ago_is_read_again(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = seen(store)
    found = listed(monkeypatch)
    digest(store, known)
    assert str(store) in found
    assert len(found) == len(set(found)) == 1 + 1 + 1 + 3 * 3


@pytest.mark.usefixtures("_later")
@pytest.mark.parametrize("seed", range(20))
def test_whatever_happens_to_a_store(store: Path, seed: int) -> None:
    chance, known, before = random.Random(seed), seen(store), digest(store)
    for _ in range(12):
        what = _changed(store, chance)
        now = digest(store, known)
        assert now == digest(store), what
        assert (now == before) == (what == "beside the records"), what
        before = now
        if chance.random() < 0.3:
            known = seen(store)


def _changed(store: Path, chance: random.Random) -> str:
    """Effect: change a store in some way that leaves all names of files and directories plain. Return the way."""
    records = sorted(path for path in store.rglob(".huldra") if any(path.iterdir()))
    place = chance.choice(records)
    file = min(path for path in place.iterdir() if path.is_file())
    match chance.choice(["rewritten", "replaced", "renamed", "a run", "gone", "beside the records", "moved", "deeper"]):
        case "rewritten":
            file.write_text(file.read_text() + " ")
            return "rewritten"
        case "replaced":
            other = place / "draft"
            other.write_text(file.read_text())
            other.replace(file)
            return "replaced"
        case "renamed":
            file.rename(place / f"n{chance.randrange(10**9)}.json")
            return "renamed"
        case "gone" if len(records) > 1:
            shutil.rmtree(place.parent)
            return "gone"
        case "beside the records":
            (place.parent / f"result{chance.randrange(10**9)}").write_text("2")
            return "beside the records"
        case "moved":
            place.parent.rename(place.parent.with_name(f"{chance.randrange(16**20):020x}"))
            return "moved"
        case "deeper":
            (place / f"d{chance.randrange(10**9)}").mkdir()
            return "deeper"
        case _:
            shutil.copytree(place.parent, place.parent.with_name(f"{chance.randrange(16**20):020x}"))
            return "a run"


@pytest.mark.usefixtures("_later")
def test_a_link_is_seen_wherever_it_comes(store: Path) -> None:
    known = seen(store)
    run = store / "data" / "lab" / "Class0" / f"{HASH[:-1]}0"
    run.rename(store.parent / "elsewhere")
    run.symlink_to(store.parent / "elsewhere")
    with pytest.raises(CannotTellError):
        digest(store, known)


@pytest.mark.usefixtures("_later")
def test_another_kind_of_records_beside(store: Path) -> None:
    """A run with records of two kinds, of which the one came later."""
    known, before = seen(store), digest(store)
    (store / "data" / "lab" / "Class0" / f"{HASH[:-1]}0" / ".gren").mkdir()
    assert digest(store, known) == digest(store) != before


def _damages(file: Path) -> Iterator[bytes]:
    data = file.read_bytes()
    yield data[:-5]
    yield data.replace(b"state.json", b"state.txt1")
    yield b""
    yield b"huldra-listing-1\n"
    yield b"\0" * 40


@pytest.mark.usefixtures("_later")
def test_what_is_damaged_or_from_the_future_does_not_count(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen(store)
    file = store.parent / "listing"
    assert read_listing(str(file))._known
    now = store_listing.time.time_ns()
    monkeypatch.setattr(store_listing.time, "time_ns", lambda: now - 10 * LATER)
    assert not read_listing(str(file))._known, "the clock went back"
    monkeypatch.setattr(store_listing.time, "time_ns", lambda: now + LATER)
    for data in _damages(file):
        file.write_bytes(data)
        assert not read_listing(str(file))._known


@pytest.mark.usefixtures("_later")
def test_a_store_that_is_not_there(store: Path) -> None:
    missing = store.with_name("missing")
    known = seen(missing)
    before = digest(missing, known)
    shutil.copytree(store, missing)
    assert digest(missing, known) == digest(missing) != before
