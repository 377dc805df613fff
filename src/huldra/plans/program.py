"""The program that makes one experiment: it imports the class, builds the config, checks its hash, asks for the result.

It uses what every version of the library has; what a version has beyond that is said by the caller.
"""

from collections.abc import Sequence

from huldra.formats.dialect import Dialect
from huldra.plans.config_source import ConfigSource

WRONG_HASH = 64
"""The exit code of a program whose config has another hash than the engine predicted."""

_PROGRAM = '''\
"""Written by `huldra rerun`: makes {key}."""

import sys

sys.path[:0] = {roots!r}

{imports}


def build():
    return {expression}


if __name__ == "__main__":
    experiment = build()
    if experiment.{directory}.name != {digest!r}:
        print("huldra rerun: this config has the hash", experiment.{directory}.name, file=sys.stderr)
        print("and {digest} was predicted: nothing was computed", file=sys.stderr)
        sys.exit({wrong_hash})
    experiment.{call}
'''


def program_text(source: ConfigSource, key: str, dialect: Dialect, roots: Sequence[str], call: str) -> str:
    """Return the text of the program.

    Args:
        source: What builds the config.
        key: `class/hash`.
        dialect: The library that the class is built on.
        roots: Absolute directories that imports begin at.
        call: What gives the result: `load_or_create()`, say.
    """
    return _PROGRAM.format(
        key=key,
        roots=list(roots),
        imports="\n".join(f"import {module}" for module in source.imports),
        expression=source.expression,
        directory=f"{dialect.name}_dir",
        digest=key.rpartition("/")[2],
        wrong_hash=WRONG_HASH,
        call=call,
    )
