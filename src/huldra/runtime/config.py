"""Where the store lies and how long things may take, read once from the environment. Creates nothing."""

import os
from pathlib import Path

from huldra.formats.dialect import HULDRA
from huldra.formats.layout import root_name
from huldra.runtime.environment import is_switched_on, load_env_once


class HuldraConfig:
    """The configuration, as the environment gave it when this was made. Its attributes may be set.

    Times are in seconds. `stale_timeout` and `max_requeues` are read by nothing.

    Raises:
        ValueError: a variable that should be a number is none.
    """

    def __init__(self) -> None:
        load_env_once()
        path = os.environ.get("HULDRA_PATH")
        self.base_root: Path = Path(path).expanduser().resolve() if path else Path.cwd() / HULDRA.default_store
        self.poll_interval: float = _seconds("HULDRA_POLL_INTERVAL_SECS", 10.0)
        self.wait_log_every_sec: float = _seconds("HULDRA_WAIT_LOG_EVERY_SECS", 10.0)
        self.stale_timeout: float = _seconds("HULDRA_STALE_AFTER_SECS", 1800.0)
        self.lease_duration_sec: float = _seconds("HULDRA_LEASE_SECS", 120.0)
        self.heartbeat_interval_sec: float = _seconds("HULDRA_HEARTBEAT_SECS", max(1.0, self.lease_duration_sec / 3))
        self.max_requeues: int = int(os.environ.get("HULDRA_PREEMPT_MAX", "5"))
        self.ignore_git_diff: bool = is_switched_on("HULDRA_IGNORE_DIFF")
        self.cancelled_is_preempted: bool = is_switched_on("HULDRA_CANCELLED_IS_PREEMPTED")

    def get_root(self, version_controlled: bool = False) -> Path:  # noqa: FBT001, FBT002  the contract's signature
        """Return the directory of the runs: `git/` for the version-controlled ones, `data/` for all others."""
        return self.base_root / root_name(HULDRA, version_controlled=version_controlled)

    @property
    def raw_dir(self) -> Path:
        """One directory that all experiments share; the library never creates it."""
        return self.base_root / "raw"


def _seconds(name: str, default: float) -> float:
    return float(os.environ.get(name, default))


HULDRA_CONFIG = HuldraConfig()


def get_huldra_root(*, version_controlled: bool = False) -> Path:
    """Return the directory of the runs; see `HuldraConfig.get_root`."""
    return HULDRA_CONFIG.get_root(version_controlled=version_controlled)


def set_huldra_root(path: Path) -> None:
    """Make a directory the store of this process.

    Effect: changes `HULDRA_CONFIG`; nothing on disk.
    """
    HULDRA_CONFIG.base_root = path.resolve()
