"""The public names of huldra, handed out lazily (PEP 562): whoever imports the package pays for what they touch.

Nothing inside the package imports this module.
"""

TYPE_CHECKING = False  # importing typing for it would be most of what this import costs
if TYPE_CHECKING:
    import submitit as submitit

    from huldra.runtime import testing as testing
    from huldra.runtime.collection import HuldraList as HuldraList
    from huldra.runtime.config import HULDRA_CONFIG as HULDRA_CONFIG
    from huldra.runtime.config import HuldraConfig as HuldraConfig
    from huldra.runtime.config import get_huldra_root as get_huldra_root
    from huldra.runtime.config import set_huldra_root as set_huldra_root
    from huldra.runtime.environment import load_env as load_env
    from huldra.runtime.errors import MISSING as MISSING
    from huldra.runtime.errors import HuldraComputeError as HuldraComputeError
    from huldra.runtime.errors import HuldraDryRun as HuldraDryRun
    from huldra.runtime.errors import HuldraError as HuldraError
    from huldra.runtime.errors import HuldraLockNotAcquired as HuldraLockNotAcquired
    from huldra.runtime.errors import HuldraWaitTimeout as HuldraWaitTimeout
    from huldra.runtime.experiment import Huldra as Huldra
    from huldra.runtime.facades import MetadataManager as MetadataManager
    from huldra.runtime.facades import StateManager as StateManager
    from huldra.runtime.facades import SubmititAdapter as SubmititAdapter
    from huldra.runtime.fields import chz as chz
    from huldra.runtime.holders import current_holder as current_holder
    from huldra.runtime.holders import current_log_dir as current_log_dir
    from huldra.runtime.holders import enter_holder as enter_holder
    from huldra.runtime.log import configure_logging as configure_logging
    from huldra.runtime.log import get_logger as get_logger
    from huldra.runtime.log import log as log
    from huldra.runtime.log import write_separator as write_separator
    from huldra.runtime.serializer import HuldraSerializer as HuldraSerializer

    __version__: str

_HOMES = {
    "collection": ("HuldraList",),
    "config": ("HULDRA_CONFIG", "HuldraConfig", "get_huldra_root", "set_huldra_root"),
    "environment": ("load_env",),
    "errors": (
        *("MISSING", "HuldraError", "HuldraComputeError", "HuldraWaitTimeout", "HuldraLockNotAcquired", "HuldraDryRun"),
    ),
    "experiment": ("Huldra",),
    "facades": ("MetadataManager", "StateManager", "SubmititAdapter"),
    "fields": ("chz",),
    "holders": ("current_holder", "current_log_dir", "enter_holder"),
    "log": ("configure_logging", "get_logger", "log", "write_separator"),
    "serializer": ("HuldraSerializer",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "HULDRA_CONFIG",
    "MISSING",
    "Huldra",
    "HuldraComputeError",
    "HuldraConfig",
    "HuldraDryRun",
    "HuldraError",
    "HuldraList",
    "HuldraLockNotAcquired",
    "HuldraSerializer",
    "HuldraWaitTimeout",
    "MetadataManager",
    "StateManager",
    "SubmititAdapter",
    "__version__",
    "chz",
    "configure_logging",
    "current_holder",
    "current_log_dir",
    "enter_holder",
    "get_huldra_root",
    "get_logger",
    "load_env",
    "log",
    "set_huldra_root",
    "submitit",
    "testing",
    "write_separator",
]


def __getattr__(name: str) -> object:
    found = _find(name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _find(name: str) -> object:
    from importlib import import_module  # noqa: PLC0415

    if name == "__version__":
        return import_module("huldra.runtime.distributions").own_version()
    if name == "submitit":
        return import_module("submitit")
    if name == "testing":
        return import_module("huldra.runtime.testing")
    if name in _HOME_OF:
        return getattr(import_module(f"huldra.runtime.{_HOME_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
