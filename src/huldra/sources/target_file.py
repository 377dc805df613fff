"""The file that new code goes into: read as it is, written whole or not at all. Effects: reads and writes files."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from huldra.sources.documents import Unreadable


def read_target(path: Path) -> str | Unreadable | None:
    """Effect: read. Return what a file holds, its line ends as they are; None for one that is not there."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        return Unreadable("it is not UTF-8, so nothing can be added to it safely")
    except OSError as error:
        return Unreadable(error.strerror or str(error))


def write_target(path: Path, text: str) -> None:
    """Effect: put a text in the place of a file, with its permissions; links stay links.

    Raises:
        OSError: it cannot be written; the file is as it was.
    """
    real = Path(os.path.realpath(path))
    real.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.", suffix=".huldra")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(real.stat().st_mode & 0o777 if real.exists() else 0o666 & ~_umask())
        Path(name).replace(real)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
