"""Which problems a reader wants to see: by code, from the command line or the settings. Judges none of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from huldra.features.rules import RULES
from huldra.features.short_names import NoSuch, no_such
from huldra.project.problems import Problem
from huldra.sources.patterns import compile_patterns
from huldra.sources.settings import Settings


@dataclass(frozen=True, slots=True)
class Choice:
    """Beginnings of codes: a problem is shown if the longest one that fits it is selected, and not ignored."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    ignore_in_files: tuple[tuple[str, tuple[str, ...]], ...] = ()


def problem_choice(settings: Settings, select: tuple[str, ...], ignore: tuple[str, ...]) -> Choice | NoSuch:
    """Return the choice that command line and settings make; what the command line says of the two counts."""
    in_files = tuple(settings.per_file_ignores.items())
    choice = Choice(select or settings.select, ignore or settings.ignore, in_files)
    given = (*choice.select, *choice.ignore, *(code for _, codes in in_files for code in codes))
    for prefix in given:
        if not prefix or not any(code.startswith(prefix) for code in RULES):
            return no_such("problem code", prefix, RULES)
    return choice


def chosen_problems(problems: Iterable[Problem], choice: Choice) -> tuple[Problem, ...]:
    """Return the problems that are to be shown."""
    in_files = [(compile_patterns((pattern,)), codes) for pattern, codes in choice.ignore_in_files]
    return tuple(
        problem
        for problem in problems
        if _is_selected(problem.code, choice)
        and not any(
            fits(problem.place.file, False) and problem.code.startswith(codes)  # noqa: FBT003  # not a directory
            for fits, codes in in_files
        )
    )


def _is_selected(code: str, choice: Choice) -> bool:
    selected = max((len(prefix) for prefix in choice.select if code.startswith(prefix)), default=-1)
    ignored = max((len(prefix) for prefix in choice.ignore if code.startswith(prefix)), default=-1)
    if choice.select and selected < 0:
        return False
    return selected > ignored or ignored < 0
