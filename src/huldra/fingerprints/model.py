"""Closures as plain data: what a method reaches, definition by definition. Knows no source code and no disk.

A closure can be kept and compared without the code that it was made from, so it is also what is cached.
"""

import re
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Literal as OneOf

import msgspec

VERSION = 18
"""Of the algorithm. Both sides of a comparison are computed with the same version, always from source."""

DefinitionKind = OneOf["function", "method", "class", "value", "default", "instance", "file"]
"""`file`: a file that is no code and that code names; its form is what names its content."""


class Reference(msgspec.Struct, frozen=True, array_like=True):
    """One place where a definition reads something that it does not bind itself.

    Attributes:
        slot: The how-manieth such place of the definition; what several targets have in common.
        spelling: As the code writes it.
        target: The index of a definition of the closure, or the name of something outside (`numpy.mean`, `field lr`).
        rest: What is read of the target, dotted.
        label: Which of several targets of one place this is.
        is_certain: False when only the name of an attribute leads there.
        is_called: It is named only to be called there.
        passed: The names by which it is passed arguments there, `**` for an unpacked mapping; None where it is not
            known that this call is all that is done with it.
        key: The form of the literal by which it is asked for an entry there, with nothing else done: `TABLE["a"]`,
            `TABLE.get("a")`; empty for anything else.
    """

    slot: int
    spelling: str
    target: int | str
    rest: str = ""
    label: str = ""
    is_certain: bool = True
    is_called: bool = False
    passed: tuple[str, ...] | None = None
    key: str = ""


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """An entry of a dictionary that is written out: `{"a": 1}`.

    Attributes:
        key: The form of its key.
        form: The fingerprint of its value by itself.
        first: The first slot of the definition that its value reads.
        end: The slot after the last.
        is_plain: Nothing is called to make it, so that it does nothing to who asks for another.
    """

    key: str
    form: str
    first: int
    end: int
    is_plain: bool


class Compiled(msgspec.Struct, frozen=True, array_like=True):
    """A module of the project that is no Python file, so that it may be compiled.

    Attributes:
        name: Dotted.
        places: Where its files may lie, root-relative and without an ending: `lab/fast`.
        line: Where it is read, from 1.
        said: The doubt that stands for it where there is no such file.
        is_known: There are files today that tell of it.
    """

    name: str
    places: tuple[str, ...]
    line: int
    said: str = ""
    is_known: bool = False


class Definition(msgspec.Struct, frozen=True, array_like=True):
    """A definition of a closure.

    Attributes:
        name: `module.qualname`.
        file: Root-relative, `/`-separated.
        line: First line, from 1, decorators left out.
        end_line: Last line.
        form: The fingerprint of its own meaning; what it refers to is not in it but in `references`.
        parameters: The names by which callers may pass arguments.
        keywords: The keyword names that its calls use, but for those that stand in `passed` of references; `**` for an
            unpacked mapping.
        texts: The texts in it that may name files or directories, each with its line in `file`, from 1.
        compiled: The modules that it reads and that may be compiled.
        given: The texts that it hands on, any of which may become a part of a file's name.
        entries: Of a value that is nothing but a dictionary whose keys are literals, what is in it.
    """

    name: str
    kind: DefinitionKind
    file: str
    line: int
    end_line: int
    form: str
    parameters: tuple[str, ...]
    keywords: tuple[str, ...]
    references: tuple[Reference, ...]
    texts: tuple[tuple[str, int], ...] = ()
    compiled: tuple[Compiled, ...] = ()
    given: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()


class Doubt(msgspec.Struct, frozen=True, array_like=True):
    """Something in a closure that cannot be followed, and where it stands. `line` counts from 1."""

    message: str
    definition: str
    file: str
    line: int


Lines = tuple[str, int, int]
"""A file, and the first and the last line of something in it, from 1."""


class Closure(msgspec.Struct, frozen=True, array_like=True):
    """What one call reaches. The first definition is the instance whose method is called.

    `attributes` are the names that are read of values whose class is not known, `distributions` the top-level packages
    outside the project, `damaged` the files that may hold what was not found, for a part of them cannot be parsed.
    `asked` are the file, the first and the last line of what was asked whether running it changes what is reached.
    """

    definitions: tuple[Definition, ...]
    attributes: frozenset[str]
    doubts: tuple[Doubt, ...]
    distributions: tuple[str, ...]
    damaged: tuple[str, ...] = ()
    asked: tuple[Lines, ...] = ()

    @property
    def root(self) -> Definition:
        """The instance whose method is called."""
        return self.definitions[0]


EVERY_ATTRIBUTE = "*"
"""In `attributes`: an attribute is read whose name is only known when the code runs; `run_*` where a part is known."""


def computed(attributes: AbstractSet[str]) -> frozenset[str]:
    """Return those of some attributes of which no more than a part is known."""
    return frozenset(name for name in attributes if EVERY_ATTRIBUTE in name)


def names_read(names: AbstractSet[str], attributes: AbstractSet[str]) -> frozenset[str]:
    """Return those of some names by which attributes are read, or may be."""
    patterns = [_pattern(name) for name in computed(attributes)]
    return frozenset(n for n in names if n in attributes or any(pattern.fullmatch(n) for pattern in patterns))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, name.split(EVERY_ATTRIBUTE))), re.DOTALL)


LOST = "? "
"""How the target of a reference begins that was not found."""

DECORATORS = "decorators "
REGISTERED = "registered "
"""How the references of a value begin that lead to what is put into it from afar; the label has the keys, if they are
known, a line each."""

BY_SCRIPT = "elsewhere"
"""What is read of a statement that acts on a table in a module which nothing that is reached imports: a script, most
often. Where it comes new, no run need have to do with it."""

FILLED = "filled"
"""How a definition refers to how it is used, if something comes into it from afar: the label has its own keys."""

LOOKED_THROUGH = "looked through"
"""What such a reference has for a target where the whole is looked through, so that whatever is new in it counts."""

ONLY_FILLED = "only filled"
"""What it has there where nothing that is reached takes anything from the table, so that nothing in it counts."""

IN_ORDER = "in order"
"""What is read of such a target where the table is a list, so that it counts in which order it is filled."""

EFFECT = "at import "
"""How the references of the first definition begin that lead to what importing modules does to packages outside."""

NAMED_FILE = "file "
"""How references begin that lead to files which a definition names, such as a prompt that it reads."""

COMPILED = "compiled "
"""How references begin that lead to what stands for a compiled module or library, which refers to its files."""

LISTED = "listed "
"""How references begin that say which names with wildcards were looked up in a list of all files."""

PROGRAM = "program "
"""How references begin that lead to code which a definition names by a text, for something that runs code by name."""

BY_VALUE = "by value "
"""How references begin that lead to code which is loaded by a name that a value of the config is a part of; the value
comes next. They count for the runs with that value."""

SET_BY_IMPORT = "set by import "
SET_ELSEWHERE = "set elsewhere "
"""How references begin that lead to statements of other modules which set a name anew: of modules that are imported
with the rest, and of others, that may have been."""

GIVEN_AWAY = "given away "
"""How an instance refers to a method that a library may call which it is handed to; a new one is nobody's business."""

ANY_OF = "any of "
"""How a module refers to its names where each may be asked for by a computed one."""

ALL_OF = "all of "
"""How a module refers to its names that are found by looking through all of them, and the first definition to the
modules of a package that are: what is new is found, too."""

ASKED_NAME = "asked for its name"
ANY_ASKED = "any may be asked for its name"
"""What a function or a class has for a reference whose name something reads; the first definition, where any may be."""

MEMBER = "member "
"""How an enum refers to those of its members that are used, where none else can be met."""

INSTANCES = "instances"
"""How a class refers to what its instances have."""

HELD = "config "
FLOWING = "flowing "
"""How the references of an instance begin that do not stand for a member."""
