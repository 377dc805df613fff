"""Patterns over root-relative names, as `.gitignore` has them: `*`, `?`, `[…]`, `**`, `/` to anchor, `!` to take back.

Knows no disk.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

_SPECIAL_IN_CLASS = re.compile(r"[\\\[\]^&|~]")

NameTest = Callable[[str, bool], bool]
"""Takes a root-relative name and whether it is a directory."""


def compile_patterns(patterns: Iterable[str]) -> NameTest:
    """Return the test whether the last pattern that fits a name says yes. A directory's contents are not tested."""
    rules = tuple(rule for pattern in patterns if (rule := _rule(pattern)) is not None)

    def matches(name: str, is_directory: bool) -> bool:  # noqa: FBT001  # a callback's second word
        for fits, says_yes, directories_only in reversed(rules):  # for ten thousand names, mostly of no rules
            if (is_directory or not directories_only) and fits.fullmatch(name):
                return says_yes
        return False

    return matches


def _rule(pattern: str) -> tuple[re.Pattern[str], bool, bool] | None:
    says_yes = not pattern.startswith("!")
    body = pattern if says_yes else pattern[1:]
    directories_only = body.endswith("/")
    body = body.rstrip("/")
    body = body[1:] if body.startswith("./") else body
    if not body:
        return None
    # As in git: a slash at the beginning or in the middle ties the pattern to the root.
    anchored = "/" in body
    return _expression(body.lstrip("/"), anchored=anchored), says_yes, directories_only


@lru_cache(maxsize=1024)
def _expression(body: str, *, anchored: bool) -> re.Pattern[str]:
    parts = [] if anchored else ["(?:.*/)?"]
    position = 0
    while position < len(body):
        text, position = _next_part(body, position)
        parts.append(text)
    return re.compile("".join(parts), re.DOTALL)


def _next_part(body: str, at: int) -> tuple[str, int]:
    """Return the expression for what stands at a position of a pattern, and the position after it."""
    if body.startswith("**/", at) and (at == 0 or body[at - 1] == "/"):
        return "(?:.*/)?", at + 3
    if body[at:] == "**" and at > 0 and body[at - 1] == "/":
        return ".+", at + 2
    match body[at]:
        case "*":
            end = at
            while end < len(body) and body[end] == "*":
                end += 1
            return "[^/]*", end
        case "?":
            return "[^/]", at + 1
        case "[":
            return _character_class(body, at)
        case "\\" if at + 1 < len(body):
            return re.escape(body[at + 1]), at + 2
        case character:
            return re.escape(character), at + 1


def _character_class(body: str, at: int) -> tuple[str, int]:
    end = body.find("]", at + 3 if body[at + 1 : at + 2] in {"!", "^"} else at + 2)
    if end < 0:
        return re.escape("["), at + 1
    inner = body[at + 1 : end]
    negated = inner[0] in "!^"
    members = _SPECIAL_IN_CLASS.sub(r"\\\g<0>", inner[1:] if negated else inner)
    try:
        re.compile(f"[{members}]")
    except re.error:  # `[z-a]`: a range the wrong way round fits nothing, as in git
        return "(?!)", end + 1
    return f"(?!/)[{'^' if negated else ''}{members}]", end + 1
