"""Pure functions of the standard library that few programs use; their modules are imported when one is called."""

from collections.abc import Callable
from importlib import import_module

_NAMES = {
    "ast": "literal_eval",
    "base64": "b16encode b16decode b32encode b32decode b64encode b64decode urlsafe_b64encode urlsafe_b64decode",
    "binascii": "hexlify unhexlify",
    "bisect": "bisect bisect_left bisect_right",
    "fnmatch": "fnmatchcase",
    "heapq": "nlargest nsmallest",
    # As with `pathlib.Path`, whose text is that of a system with `/`.
    "os.path": "basename commonprefix dirname isabs join normpath split splitext",
    "shlex": "join quote split",
    "statistics": "mean median median_high median_low mode",
    "tomllib": "loads",
    "uuid": "uuid3 uuid5",
    "zlib": "adler32 crc32",
}
_MODULES = {"os.path": "posixpath"}

OTHER_PURE = frozenset(f"{module}.{name}" for module, names in _NAMES.items() for name in names.split())


def other_pure(full: str) -> Callable[..., object]:
    """Return one of these functions by its dotted name."""
    module, _, name = full.rpartition(".")
    function: Callable[..., object] = getattr(import_module(_MODULES.get(module, module)), name)
    return function
