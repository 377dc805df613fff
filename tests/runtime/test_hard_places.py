"""Stores that cannot be written to, are full, or have odd names; the environment; `.env`."""

import contextlib
import os
import subprocess
import sys

import pytest

import huldra
from huldra.runtime.config import HuldraConfig
from tests.runtime.experiments import CALLS, Double, Number
from tests.runtime.reading import picture, result_of


@pytest.fixture
def full_disk(tmp_path):
    """A file system of 16 MiB (a run keeps a copy of all code that is loaded); mounting one takes rights."""
    folder = tmp_path / "small"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode != 0:
        pytest.skip(f"no small file system: {done.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder):
    with (folder / "ballast").open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
        while True:
            ballast.write(b"0" * 4096)


def test_a_full_disk_gives_an_error_and_never_a_false_success(full_disk, monkeypatch):
    huldra.set_huldra_root(full_disk / "store")
    Number(n=1).load_or_create()
    before = picture(Number(n=1).huldra_dir)
    create = Number._create
    monkeypatch.setattr(Number, "_create", lambda self: (create(self), fill(full_disk))[0])
    with pytest.raises(huldra.HuldraComputeError):
        Number(n=2).load_or_create()
    assert not Number(n=2).exists()
    assert Number(n=1).load_or_create() == 1, "what is there can be read"
    assert picture(Number(n=1).huldra_dir) == before
    with pytest.raises((huldra.HuldraComputeError, OSError)):
        Number(n=1).load_or_create(force=True)
    (full_disk / "ballast").unlink()
    monkeypatch.undo()
    huldra.set_huldra_root(full_disk / "store")
    CALLS.clear()
    assert Number(n=1).load_or_create() == 1
    assert CALLS == ["load 1"], "the earlier success is not lost"
    assert Number(n=2).load_or_create() == 2
    assert result_of(Number(n=2)) == "success"


@pytest.fixture
def read_only(store):
    """The store after a run, as a directory that nothing can be written to (root may write anywhere but there)."""
    Double().load_or_create()
    mounted = (
        subprocess.run(["mount", "--bind", str(store), str(store)], capture_output=True, check=False).returncode == 0
    )
    if mounted:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(store)], check=True)
    elif os.geteuid() == 0:
        pytest.skip("the superuser can write everywhere, and cannot mount here")
    else:
        for folder, _, _ in os.walk(store):
            os.chmod(folder, 0o555)  # noqa: PTH101, S103
    yield store
    if mounted:
        subprocess.run(["umount", "-l", str(store)], check=True)
    else:
        for folder, _, _ in os.walk(store):
            os.chmod(folder, 0o755)  # noqa: PTH101, S103


@pytest.mark.usefixtures("read_only")
def test_a_read_only_store_can_be_read(capfd):
    assert Double().load_or_create() == 2
    assert Double().exists()
    assert not Number(n=99).exists()
    assert Double().get_metadata().huldra_hash == Double().huldra_hash
    assert "Traceback" not in capfd.readouterr().err
    with pytest.raises(huldra.HuldraComputeError, match="cannot be written"):
        Number(n=99).load_or_create()


@pytest.mark.parametrize("name", ["with spaces", "ünïcode ✓ 漢", "a'b\"c", "%s{0}"])
def test_a_store_may_have_any_name(name, tmp_path, run_python):
    folder = tmp_path / name
    code = "from tests.runtime.experiments import Double; print(Double().load_or_create())"
    assert run_python(code, HULDRA_PATH=str(folder)) == "2\n"
    huldra.set_huldra_root(folder)
    CALLS.clear()
    assert Double().load_or_create() == 2
    assert CALLS == []
    assert Double().get_metadata().huldra_path == str(Double().huldra_dir.resolve())


def test_the_configuration_is_read_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("HULDRA_PATH", "~/there")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HULDRA_LEASE_SECS", "30")
    monkeypatch.setenv("HULDRA_IGNORE_DIFF", "YES")
    config = HuldraConfig()
    assert config.base_root == tmp_path / "there"
    assert (config.lease_duration_sec, config.heartbeat_interval_sec) == (30.0, 10.0)
    assert (config.poll_interval, config.wait_log_every_sec, config.stale_timeout) == (10.0, 10.0, 1800.0)
    assert (config.max_requeues, config.ignore_git_diff, config.cancelled_is_preempted) == (5, True, False)
    assert config.get_root() == tmp_path / "there" / "data"
    assert config.get_root(version_controlled=True) == tmp_path / "there" / "git"
    assert config.raw_dir == tmp_path / "there" / "raw"


def test_defaults_of_the_configuration(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("HULDRA_")]:
        monkeypatch.delenv(name)
    config = HuldraConfig()
    assert config.base_root == tmp_path / "work" / "data-huldra"
    assert (config.lease_duration_sec, config.heartbeat_interval_sec) == (120.0, 40.0)


def test_a_number_that_is_none_is_an_error(monkeypatch):
    monkeypatch.setenv("HULDRA_LEASE_SECS", "soon")
    with pytest.raises(ValueError, match="soon"):
        HuldraConfig()


def test_env_files_are_found_upward_and_come_before_the_configuration(tmp_path, monkeypatch):
    project = tmp_path / "project"
    (project / "deep").mkdir(parents=True)
    (project / ".env").write_text(f"HULDRA_PATH={tmp_path}/from-env\nHULDRA_LEASE_SECS=11\n")
    monkeypatch.chdir(project / "deep")
    code = "import huldra; print(huldra.HULDRA_CONFIG.base_root, huldra.HULDRA_CONFIG.lease_duration_sec)"
    monkeypatch.delenv("HULDRA_PATH")
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == f"{tmp_path}/from-env 11.0\n"
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "HULDRA_LEASE_SECS": "5"},
    )
    assert done.stdout.endswith(" 5.0\n"), "what is set already stays"
