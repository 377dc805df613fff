"""`huldra lsp`: the language server. Imports no command line: an editor waits for the start."""

from huldra.lsp.server import serve
from huldra.sources.installed_version import installed_version

TYPE_CHECKING = False  # as in `typing`
if TYPE_CHECKING:
    from huldra.cli.arguments import Options


def lsp(options: "Options") -> int:
    """Effect: serve one editor until it leaves. Return the exit code."""
    try:
        return serve(_version(), options.stores, options.port, is_verbose=options.verbosity > 0)
    except OSError as error:
        if options.port is None:
            raise
        from huldra.cli.arguments import UsageError  # noqa: PLC0415  # who has options has it already

        # Somebody else listens there, or only root may.
        raise UsageError(f"--tcp {options.port}: {error.strerror}") from error


def serve_plainly() -> int:
    """Effect: the same for `huldra lsp` without a word more, as editors start it."""
    return serve(_version())


def _version() -> str:
    return installed_version("huldra_lab") or "unknown"
