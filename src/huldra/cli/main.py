"""The command table, and the one place where a crash is caught. Imports a command only once it is chosen."""

import errno
import gc
import os
import sys
from collections.abc import Callable, Sequence

TYPE_CHECKING = False  # as in `typing`, which takes long to import
if TYPE_CHECKING:
    from typing import TextIO, TypeVar

    from huldra.cli.arguments import Options

    _T = TypeVar("_T")

_USAGE_ERROR = 2
_INTERRUPTED = 130
_READER_LEFT = 141
_NEW_OBJECTS = 800_000
# Nobody may write there, or nothing more fits: no fault of ours, whatever the command was about to do.
_SYSTEM_REFUSES = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT})


_STDOUT = "standard output"


def run() -> None:
    """Effect: run the command line of this process, and exit."""
    code = main(sys.argv[1:])
    # As a process ends, Python looks for garbage in all that is left, which takes up to a tenth of what a command does.
    gc.freeze()
    sys.exit(code)


def main(words: Sequence[str]) -> int:
    """Effect: do what a command line says. Return the exit code."""
    _open_closed_streams()
    is_verbose = False
    try:
        if list(words) == ["--version"]:
            from huldra.sources.installed_version import installed_version  # noqa: PLC0415

            version = installed_version("huldra_lab")
            if version is not None:
                _saying(lambda: sys.stdout.write(f"huldra {version}\n"))
                return _flushed(0)
        if list(words) == ["lsp"]:  # an editor waits, and to read a command line is a tenth of the start
            from huldra.cli.commands.lsp import serve_plainly  # noqa: PLC0415

            return serve_plainly()
        # A command makes much that lives until its end; to look for what does not, again and again, costs a tenth.
        gc.set_threshold(_NEW_OBJECTS, 50, 100)
        question = None
        if list(words[:1]) != ["lsp"]:  # nothing of it is kept
            from huldra.cli.kept_answers import question_of, recall, say  # noqa: PLC0415

            question = question_of(words)
            known = None if question is None else recall(question)
            if known is not None:
                return _saying(lambda: say(known))
        options = _saying(lambda: _read(words))
        is_verbose = options.verbosity > 0
        if question is None:
            code = _execute(options)
        else:
            from huldra.cli.recording import answer_and_keep  # noqa: PLC0415

            code = answer_and_keep(question, options, lambda: _execute(options))
    except SystemExit as stop:  # argparse, after help or a wrong command line
        return _flushed(stop.code if isinstance(stop.code, int) else _USAGE_ERROR)
    except KeyboardInterrupt:
        _tell("huldra: interrupted\n")
        return _INTERRUPTED
    except BrokenPipeError:
        _lead_nowhere(sys.stdout)
        return _READER_LEFT
    except Exception as error:  # noqa: BLE001  # the one place of this face
        return _flushed(_report(error, is_verbose=is_verbose))
    return _flushed(code)


def _open_closed_streams() -> None:
    """Effect: have each stream that this process was started without (`2>&-`) lead nowhere: all else goes on as ever.

    They are opened in order, so that each gets its own number back, which a file of ours would get otherwise.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115, PTH123  # for as long as we live
            if stream.fileno() == number:
                os.set_inheritable(number, True)  # noqa: FBT003  # whom we start has it as well
            setattr(sys, name, stream)


def _lead_nowhere(stream: "TextIO") -> None:
    """Effect: drop what is still buffered; at exit it would be written, and complain then."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except OSError:
        return


def _saying(work: "Callable[[], _T]") -> "_T":
    """Return what some work gives that writes nowhere but to stdout, by which name goes what stops it there."""
    try:
        return work()
    except OSError as error:
        if error.filename is None:
            error.filename = _STDOUT
        raise


def _flushed(code: int) -> int:
    """Effect: write what was said. Return an exit code, another one if that cannot be written."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _lead_nowhere(sys.stdout)
        return _READER_LEFT
    except OSError as error:
        _lead_nowhere(sys.stdout)
        _tell(f"huldra: {_STDOUT}: {error.strerror}\n")
        return _USAGE_ERROR
    return code


def _tell(words: str) -> None:
    """Effect: write to stderr. Where it takes nothing there is nobody to tell, and the exit code says enough."""
    try:
        sys.stderr.write(words)
        sys.stderr.flush()
    except OSError:
        _lead_nowhere(sys.stderr)


def _read(words: Sequence[str]) -> "Options":
    from huldra.sources.plain_msgspec import import_msgspec  # noqa: PLC0415

    import_msgspec()
    from huldra.cli.arguments import read_arguments  # noqa: PLC0415  # half of a start

    return read_arguments(words)


def _execute(options: "Options") -> int:
    # Each import costs a command what it needs, and the others nothing.
    match options.command:
        case "analyze":
            from huldra.cli.commands.analyze import analyze as command  # noqa: PLC0415
        case "check":
            from huldra.cli.commands.check import check as command  # noqa: PLC0415
        case "accept":
            from huldra.cli.commands.accept import accept as command  # noqa: PLC0415
        case "classes":
            from huldra.cli.commands.classes import classes as command  # noqa: PLC0415
        case "graph":
            from huldra.cli.commands.graph import graph as command  # noqa: PLC0415
        case "hash":
            from huldra.cli.commands.hash import hash_place as command  # noqa: PLC0415
        case "runs":
            from huldra.cli.commands.runs import runs as command  # noqa: PLC0415
        case "show":
            from huldra.cli.commands.show import show as command  # noqa: PLC0415
        case "diff":
            from huldra.cli.commands.diff import diff as command  # noqa: PLC0415
        case "snippet":
            from huldra.cli.commands.snippet import snippet as command  # noqa: PLC0415
        case "why":
            from huldra.cli.commands.why import why as command  # noqa: PLC0415
        case "rerun":
            from huldra.cli.commands.rerun import rerun as command  # noqa: PLC0415
        case "new":
            from huldra.cli.commands.new import new as command  # noqa: PLC0415
        case "lens":
            from huldra.cli.commands.lens import lens as command  # noqa: PLC0415
        case "lsp":
            from huldra.cli.commands.lsp import lsp as command  # noqa: PLC0415
        case "manifest":
            from huldra.cli.commands.manifest import manifest as command  # noqa: PLC0415
        case "discover":
            from huldra.cli.commands.discover import discover as command  # noqa: PLC0415
        case "doctor":
            from huldra.cli.commands.doctor import doctor as command  # noqa: PLC0415
        case "rule":
            from huldra.cli.commands.rule import rule as command  # noqa: PLC0415
        case _:
            from huldra.cli.arguments import build_parser  # noqa: PLC0415

            _saying(build_parser().print_help)
            return 0
    return command(options)


def _has_directory() -> bool:
    try:
        os.getcwd()  # noqa: PTH109
    except OSError:
        return False
    return True


def _report(error: Exception, *, is_verbose: bool) -> int:
    """Effect: say what stopped the command. A fault of ours is called one."""
    from huldra.cli.arguments import UsageError  # noqa: PLC0415  # what a kept answer does not need
    from huldra.exports.harmless_text import harmless  # noqa: PLC0415
    from huldra.sources.toml_files import SettingsError  # noqa: PLC0415

    if isinstance(error, UsageError | SettingsError):
        words = harmless(str(error))
        _tell(f"huldra: {words}\n" if isinstance(error, UsageError) or error.file is None else f"{words}\n")
        return _USAGE_ERROR
    name: object = error.filename if isinstance(error, OSError) and error.errno in _SYSTEM_REFUSES else None
    if isinstance(error, OSError) and isinstance(name, str | bytes):
        if name == _STDOUT:
            _lead_nowhere(sys.stdout)
        _tell(f"huldra: {harmless(os.fsdecode(name))}: {error.strerror}\n")
        return _USAGE_ERROR
    if isinstance(error, FileNotFoundError) and error.filename is None and not _has_directory():
        _tell("huldra: the working directory is not there any more: change to one that is\n")
        return _USAGE_ERROR
    if is_verbose:
        import traceback  # noqa: PLC0415

        _tell("".join(traceback.format_exception(error)))
    first = (str(error).splitlines() or [""])[0]
    _tell(f"huldra: {type(error).__name__}: {first}\n" if first else f"huldra: {type(error).__name__}\n")
    hint = "" if is_verbose else " Run it again with -v for the traceback."
    _tell(f"This is a bug in huldra, not in your code.{hint}\n")
    return _USAGE_ERROR
