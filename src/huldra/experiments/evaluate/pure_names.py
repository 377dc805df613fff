"""Pure functions of the standard library that few programs use."""

import ast
import base64
import binascii
import bisect
import fnmatch
import heapq
import posixpath
import shlex
import statistics
import tomllib
import uuid
import zlib
from collections.abc import Callable, Mapping
from types import ModuleType

_NAMES: Mapping[ModuleType, str] = {
    ast: "literal_eval",
    base64: "b16encode b16decode b32encode b32decode b64encode b64decode urlsafe_b64encode urlsafe_b64decode",
    binascii: "hexlify unhexlify",
    bisect: "bisect bisect_left bisect_right",
    fnmatch: "fnmatchcase",
    heapq: "nlargest nsmallest",
    shlex: "join quote split",
    statistics: "mean median median_high median_low mode",
    tomllib: "loads",
    uuid: "uuid3 uuid5",
    zlib: "adler32 crc32",
}
_OF_PATHS = "basename commonprefix dirname isabs join normpath split splitext"

OTHER_PURE: Mapping[str, Callable[..., object]] = {
    **{
        f"{module.__name__}.{name}": getattr(module, name) for module, names in _NAMES.items() for name in names.split()
    },
    # As with `pathlib.Path`, whose text is that of a system with `/`.
    **{f"os.path.{name}": getattr(posixpath, name) for name in _OF_PATHS.split()},
}
