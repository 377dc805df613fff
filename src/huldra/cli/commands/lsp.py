"""`huldra lsp`: the language server."""

from huldra.cli.arguments import Options
from huldra.cli.version import installed_version
from huldra.lsp.server import serve


def lsp(options: Options) -> int:
    """Effect: serve one editor until it leaves. Return the exit code."""
    version = installed_version() or "unknown"
    return serve(version, options.store, options.port, is_verbose=options.verbosity > 0)
