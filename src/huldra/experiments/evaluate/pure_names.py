"""Pure functions of the standard library that few programs use; their modules are imported when one is called."""

from collections.abc import Callable
from types import ModuleType

_NAMES = {
    "ast": "literal_eval",
    "base64": "b16encode b16decode b32encode b32decode b64encode b64decode urlsafe_b64encode urlsafe_b64decode",
    "binascii": "hexlify unhexlify",
    "bisect": "bisect bisect_left bisect_right",
    "calendar": "isleap leapdays",
    "fnmatch": "fnmatchcase",
    "heapq": "nlargest nsmallest",
    "html": "escape unescape",
    # As with `pathlib.Path`, whose text is that of a system with `/`.
    "os.path": "basename commonprefix dirname isabs join normpath split splitext",
    "shlex": "join quote split",
    "statistics": "fmean mean median median_high median_low mode multimode pstdev pvariance quantiles stdev variance",
    "tomllib": "loads",
    "urllib.parse": "quote quote_plus unquote urlencode urljoin",
    "uuid": "uuid3 uuid5",
    "zlib": "adler32 crc32",
}
OTHER_PURE = frozenset(f"{module}.{name}" for module, names in _NAMES.items() for name in names.split())


def other_pure(full: str) -> Callable[..., object]:
    """Return one of these functions by its dotted name."""
    module, _, name = full.rpartition(".")
    function: Callable[..., object] = getattr(_module(module), name)
    return function


def _module(name: str) -> ModuleType:
    # One by one, so that nothing else can be imported, whatever a program names.
    match name:
        case "ast":
            import ast as found  # noqa: PLC0415
        case "base64":
            import base64 as found  # noqa: PLC0415
        case "binascii":
            import binascii as found  # noqa: PLC0415
        case "bisect":
            import bisect as found  # noqa: PLC0415
        case "calendar":
            import calendar as found  # noqa: PLC0415
        case "html":
            import html as found  # noqa: PLC0415
        case "urllib.parse":
            import urllib.parse as found  # noqa: PLC0415
        case "fnmatch":
            import fnmatch as found  # noqa: PLC0415
        case "heapq":
            import heapq as found  # noqa: PLC0415
        case "shlex":
            import shlex as found  # noqa: PLC0415
        case "statistics":
            import statistics as found  # noqa: PLC0415
        case "tomllib":
            import tomllib as found  # noqa: PLC0415
        case "uuid":
            import uuid as found  # noqa: PLC0415
        case "zlib":
            import zlib as found  # noqa: PLC0415
        case _:
            import posixpath as found  # noqa: PLC0415
    return found
