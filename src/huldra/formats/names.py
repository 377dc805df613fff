"""What a class is called: `module.qualname`, and the directory parts that follow from it; how a hash is written."""

HASH_LENGTH = 20
CLASS_MARKER = "__class__"
"""The key under which a config as JSON names its class."""

MAIN_MODULE = "__main__"
LOCALS = "<locals>"


class MainModuleError(ValueError):
    """A class that lives in `__main__` has no stable name."""


class LocalClassError(ValueError):
    """A class that lives inside a function has no stable place."""


def class_path(module: str, qualname: str) -> str:
    """Return `module.qualname`, the name of a class in canonical form.

    Raises:
        MainModuleError: the module is `__main__`; its name differs from run to run.
    """
    if module == MAIN_MODULE:
        raise MainModuleError(
            f"{qualname} is defined in __main__: its name depends on how the script is started. "
            "Move the class into a module that can be imported."
        )
    return f"{module}.{qualname}"


def namespace_parts(module: str, qualname: str) -> tuple[str, ...]:
    """Return the directory parts of a class below a root of the store.

    Raises:
        MainModuleError: the module is `__main__`.
        LocalClassError: the class lives inside a function.
    """
    path = class_path(module, qualname)
    if LOCALS in qualname:
        raise LocalClassError(f"{path} is defined inside a function: move it to the top level of its module")
    return tuple(path.split("."))


def short_name(path: str) -> str:
    """Return the last part of a dotted name: `Train` of `my_project.train.Train`."""
    return path.rpartition(".")[2]
