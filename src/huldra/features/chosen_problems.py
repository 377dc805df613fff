"""Which problems a reader wants to see: by code, from the command line or the settings. Judges none of them."""

from collections.abc import Callable, Iterable

from msgspec import Struct

from huldra.features.rules import RULES
from huldra.features.short_names import NoSuch, no_such
from huldra.project.problems import Problem
from huldra.sources.patterns import compile_patterns
from huldra.sources.settings import Settings

OPT_IN = ("HUL401", "HUL402", "HUL403", "HUL404", "HUL406")
"""Codes that nobody sees who has not selected them."""
OPT_IN_TO_CHECK = (*OPT_IN, "HUL203", "HUL206", "HUL302", "HUL5")
"""What is no fault, and so fails no check unless it was selected: orphans, what never ran, new defaults, style."""


class Choice(Struct, frozen=True):
    """Beginnings of codes: a problem is shown if the longest one that fits it is selected, and not ignored."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    ignore_in_files: tuple[tuple[str, tuple[str, ...]], ...] = ()


class UnknownCode(Struct, frozen=True):
    """Something is selected or ignored that is no code nor the beginning of one.

    `keys` lead to the setting that says so; none do where the command line does.
    """

    found: NoSuch
    keys: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """What to tell the person who asked."""
        return self.found.with_list("`huldra rule` lists them")


def problem_choice(
    settings: Settings, select: tuple[str, ...], ignore: tuple[str, ...], opt_in: tuple[str, ...] = OPT_IN
) -> Choice | UnknownCode:
    """Return the choice that command line and settings make; what the command line says of the two counts.

    Codes of `opt_in` are ignored as long as nothing is selected at all.
    """
    in_files = tuple(settings.per_file_ignores.items())
    choice = Choice(select or settings.select, ignore or settings.ignore, in_files)
    given: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
        (() if select else ("select",), choice.select),
        (() if ignore else ("ignore",), choice.ignore),
        *((("per-file-ignores", pattern), codes) for pattern, codes in in_files),
    ]
    for keys, prefixes in given:
        for prefix in prefixes:
            if not prefix or not any(code.startswith(prefix) for code in RULES):
                return UnknownCode(no_such("problem code", prefix, RULES), keys)
    return choice if choice.select else Choice((), (*choice.ignore, *opt_in), in_files)


def chosen_problems(problems: Iterable[Problem], choice: Choice) -> tuple[Problem, ...]:
    """Return the problems that are to be shown."""
    is_chosen = chooser(choice)
    return tuple(problem for problem in problems if is_chosen(problem.code, problem.place.file))


def chooser(choice: Choice) -> Callable[[str, str], bool]:
    """Return the test whether a code is to be shown in a file."""
    in_files = [(compile_patterns((pattern,)), codes) for pattern, codes in choice.ignore_in_files]

    def is_chosen(code: str, file: str) -> bool:
        return is_selected(code, choice) and not any(
            fits(file, False) and code.startswith(codes)  # noqa: FBT003  # not a directory
            for fits, codes in in_files
        )

    return is_chosen


def is_selected(code: str, choice: Choice) -> bool:
    """Whether a code is to be shown, files aside."""
    selected = max((len(prefix) for prefix in choice.select if code.startswith(prefix)), default=-1)
    ignored = max((len(prefix) for prefix in choice.ignore if code.startswith(prefix)), default=-1)
    if choice.select and selected < 0:
        return False
    return selected > ignored or ignored < 0


def asks_for(choice: Choice, codes: Iterable[str]) -> bool:
    """Whether one of some codes was selected, by itself or with others; without any selection none was."""
    return bool(choice.select) and any(is_selected(code, choice) for code in codes)
