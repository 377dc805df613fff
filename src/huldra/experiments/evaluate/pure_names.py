"""Pure functions of the standard library that few programs use: their modules are imported when one is called."""

import importlib
from collections.abc import Callable, Mapping

_NAMES = {
    "ast": "literal_eval",
    "base64": "b16encode b16decode b32encode b32decode b64encode b64decode urlsafe_b64encode urlsafe_b64decode",
    "binascii": "hexlify unhexlify",
    "bisect": "bisect bisect_left bisect_right",
    "fnmatch": "fnmatchcase",
    "heapq": "nlargest nsmallest",
    "shlex": "join quote split",
    "statistics": "mean median median_high median_low mode",
    "tomllib": "loads",
    "uuid": "uuid3 uuid5",
    "zlib": "adler32 crc32",
}
_OF_PATHS = "basename commonprefix dirname isabs join normpath split splitext"
_WHERE: Mapping[str, tuple[str, str]] = {
    **{f"{module}.{name}": (module, name) for module, names in _NAMES.items() for name in names.split()},
    # As with `pathlib.Path`, whose text is that of a system with `/`.
    **{f"os.path.{name}": ("posixpath", name) for name in _OF_PATHS.split()},
}
OTHER_PURE = frozenset(_WHERE)


def pure_function(name: str) -> Callable[..., object]:
    """Return such a function by its dotted name."""
    module, attribute = _WHERE[name]
    return getattr(importlib.import_module(module), attribute)
