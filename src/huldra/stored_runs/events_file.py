"""How many attempts an events file says were started. Reads nothing else of it."""

from pathlib import Path

from huldra.stored_runs.record_files import Damaged, Seen, read_bytes
from huldra.stored_runs.record_shapes import Refusal, decode_event


def count_started(path: str | Path, seen: Seen | None = None) -> tuple[int, Damaged | None]:
    """Return how many attempts an events file says were started, and its first damaged line."""
    data = read_bytes(path, seen=seen)
    if not isinstance(data, bytes):
        return 0, data
    lines = data.split(b"\n")
    try:  # nearly always all are as the library writes them
        return [decode_event(line).type for line in lines if line].count("attempt_started"), None
    except Refusal:
        from huldra.stored_runs.strict_records import count_by_line  # noqa: PLC0415  # slow, and rarely needed

        return count_by_line(path, lines)
