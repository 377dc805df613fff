"""The thread that says that an attempt is alive. Its failures are reported and do not end it."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from huldra.formats.records import StateRecord
from huldra.runtime.log import get_logger
from huldra.runtime.state import renew_lease
from huldra.runtime.store import update_state


@dataclass(slots=True)
class Heartbeat:
    """What the thread has to say: how often in a row it failed, and whether the attempt was taken over."""

    attempt_id: str
    stopped: threading.Event = field(default_factory=threading.Event)
    failures: int = 0
    is_superseded: bool = False

    def stop(self) -> None:
        """End the thread, soon."""
        self.stopped.set()


@contextmanager
def beating(directory: Path, attempt_id: str, interval: float) -> Generator[Heartbeat]:
    """Renew the lease of an attempt every `interval` seconds while this is open.

    Effect: starts a daemon thread that rewrites state.json.
    """
    heartbeat = Heartbeat(attempt_id)
    arguments = (directory, heartbeat, interval)
    thread = threading.Thread(target=_beat, args=arguments, name=f"huldra-heartbeat-{attempt_id[:8]}", daemon=True)
    thread.start()
    try:
        yield heartbeat
    finally:
        heartbeat.stop()
        thread.join(timeout=5.0)


def _beat(directory: Path, heartbeat: Heartbeat, interval: float) -> None:
    while not heartbeat.stopped.wait(interval):
        try:
            state = update_state(directory, lambda state: renew_lease(state, heartbeat.attempt_id))
        except (OSError, ValueError) as error:  # a full disk, a held state lock, a damaged state
            heartbeat.failures += 1
            get_logger().warning("heartbeat of %s failed %d times: %r", directory, heartbeat.failures, error)
            continue
        heartbeat.failures = 0
        if _is_other(state, heartbeat.attempt_id) and not heartbeat.stopped.is_set():
            heartbeat.is_superseded = True
            get_logger().error("the attempt at %s was taken over: its lease had run out", directory)
            return


def _is_other(state: StateRecord, attempt_id: str) -> bool:
    return state.attempt is None or state.attempt.id != attempt_id
