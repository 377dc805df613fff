"""The logger: each run's own file, and the console. Lines go to the innermost holder's directory."""

import contextlib
import inspect
import logging
import os
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from types import CodeType, FrameType
from typing import Final

from huldra.formats.dialect import HULDRA
from huldra.formats.layout import log_file
from huldra.runtime.holders import current_holder, current_log_dir

LOGGER_NAME: Final = "huldra"
CONSOLE_ONLY: Final = {"huldra_console_only": True}
FILE_ONLY: Final = {"huldra_file_only": True}
_SEPARATOR: Final = "-" * 18
_RUNTIME = str(Path(__file__).parent)
_INSTALLING = threading.Lock()


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name == LOGGER_NAME or record.name.startswith(f"{LOGGER_NAME}.")


class _FileHandler(logging.Handler):
    """Appends each record to the file of the holder that is current when it is emitted."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "huldra_console_only", False):
            return False
        return _is_ours(record) or current_holder() is not None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            append_line(self.format(record))
        except OSError:
            return  # a store that cannot be written to (read-only, full) can still be read
        except (TypeError, ValueError):
            self.handleError(record)


class _ConsoleHandler(logging.StreamHandler["_StandardError"]):
    """Shows the library's own records on standard error, whatever that is at the time."""

    def __init__(self, level: int) -> None:
        super().__init__(_StandardError())
        self.setLevel(level)

    def filter(self, record: logging.LogRecord) -> bool:
        return _is_ours(record) and not getattr(record, "huldra_file_only", False)


class _StandardError:
    """`sys.stderr` as it is now: tests and notebooks replace it."""

    def write(self, text: str) -> None:
        if sys.stderr is not None:  # pyright: ignore[reportUnnecessaryComparison]  there is none under pythonw
            sys.stderr.write(text)

    def flush(self) -> None:
        if sys.stderr is not None:  # pyright: ignore[reportUnnecessaryComparison]
            sys.stderr.flush()


class _FileFormat(logging.Formatter):
    """`2026-01-02T03:04:05+00:00 [DEBUG] huldra run.py:12 message`."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        place = f"{record.filename}:{record.lineno}"
        return f"{moment} [{record.levelname}] {record.name} {place} {_message(record, self)}"


class _ConsoleFormat(logging.Formatter):
    """`03:04:05 [train.py:12] message`; warnings and errors say that they are."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        place = getattr(record, "huldra_caller", None) or f"{record.filename}:{record.lineno}"
        level = f"{record.levelname} " if record.levelno >= logging.WARNING else ""
        return f"{moment} [{place}] {level}{_message(record, self)}"


def _message(record: logging.LogRecord, formatter: logging.Formatter) -> str:
    text = record.getMessage()
    return f"{text}\n{formatter.formatException(record.exc_info)}" if record.exc_info else text


def configure_logging() -> None:
    """Install the two handlers on the root logger, unless they are there.

    Effect: changes the logging configuration of the process.
    """
    root = logging.getLogger()
    with _INSTALLING:
        if not any(isinstance(handler, _FileHandler) for handler in root.handlers):
            handler = _FileHandler(logging.DEBUG)
            handler.setFormatter(_FileFormat())
            root.addHandler(handler)
        if not any(isinstance(handler, _ConsoleHandler) for handler in root.handlers):
            console = _ConsoleHandler(_console_level())
            console.setFormatter(_ConsoleFormat())
            root.addHandler(console)


def _console_level() -> int:
    return logging.getLevelNamesMapping().get(os.environ.get("HULDRA_LOG_LEVEL", "INFO").upper(), logging.INFO)


def get_logger() -> logging.Logger:
    """Return the library's logger, which lets everything through.

    Effect: installs the handlers the first time.
    """
    configure_logging()
    logger = logging.getLogger(LOGGER_NAME)
    if logger.level != logging.DEBUG:
        logger.setLevel(logging.DEBUG)
    return logger


def log(message: str, *, level: str = "INFO") -> Path:
    """Write a line to the current holder's log and to the console; return the path of the file.

    Effect: appends to the log file.

    Raises:
        ValueError: there is no such level.
    """
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise ValueError(f"unknown log level: {level!r}")
    directory = current_log_dir()
    get_logger().log(number, message, stacklevel=2, extra={"huldra_caller": caller_place()})
    return log_file(directory, HULDRA)


def write_separator(line: str = _SEPARATOR) -> Path:
    """Write a raw line to the current holder's log; return the path of the file.

    Effect: appends to the log file.
    """
    append_line(line)
    return log_file(current_log_dir(), HULDRA)


def append_line(line: str) -> None:
    """Append to the current holder's log.

    Effect: makes the directory if need be, and appends with one write, so that lines of many processes stay whole.
    """
    path = log_file(current_log_dir(), HULDRA)
    data = f"{line}\n".encode(errors="backslashreplace")
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    with contextlib.closing(os.fdopen(descriptor, "wb", buffering=0)) as file:
        file.write(data)


def caller_frame() -> FrameType | None:
    """Return the innermost frame of the call stack that is not of this library."""
    frame = inspect.currentframe()
    while frame is not None and _is_of_library(frame.f_code):
        frame = frame.f_back
    return frame


def _is_of_library(code: CodeType) -> bool:
    """Return whether code is of the runtime, or a constructor that chz generates (for a default that is built)."""
    return code.co_filename.startswith(_RUNTIME) or (code.co_filename, code.co_name) == ("<string>", "__init__")


def caller_place() -> str | None:
    """Return `train.py:12` for the line of user code that called."""
    frame = caller_frame()
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}" if frame else None
