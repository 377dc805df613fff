"""A check as a comment on a pull request: a sentence, and a table of what is behind it."""

import re
from collections.abc import Iterable, Iterator

from huldra.features.check import Checked
from huldra.features.check_words import headline
from huldra.features.findings import CODE_CHANGED, Finding, time_text

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~-])")
_MOST_ROWS = 50
_ICONS = {"error": "🔴", "warning": "🟡"}


def markdown_text(checked: Checked) -> str:
    """Return the comment."""
    return "\n".join([f"### huldra: {_escaped(headline(checked))}", *_table(checked.findings), *_foot(checked), ""])


def _table(findings: tuple[Finding, ...]) -> Iterator[str]:
    if not findings:
        return
    yield from ("", "| | where | what | runs | compute |", "|---|---|---|--:|--:|")
    for finding in findings[:_MOST_ROWS]:
        place = _code(f"{finding.place.file}:{finding.place.line}")
        count = len(finding.runs) + len(finding.downstream)
        time = time_text((*finding.runs, *finding.downstream))
        icon = _ICONS.get(finding.severity, "🔵")
        yield f"| {icon} {finding.code} | {place} | {_escaped(finding.cause)} | {count or ''} | {time} |"
    if len(findings) > _MOST_ROWS:
        yield from ("", f"… and {len(findings) - _MOST_ROWS} more.")


def _foot(checked: Checked) -> Iterator[str]:
    if checked.at_stake:
        yield from ("", "<details><summary>Runs</summary>", "")
        yield from _runs(run.key for run in checked.at_stake)
        yield from ("", "</details>", "")
        can_be_accepted = any(finding.code == CODE_CHANGED for finding in checked.findings)
        accepted = (
            ' If it does not matter to these results: `huldra accept RUN --reason "…"`.' if can_be_accepted else ""
        )
        yield f"`huldra why RUN` shows what changed.{accepted}"
    if checked.before is not None:
        yield from ("", f"<sub>{_escaped(checked.after)} against {_escaped(checked.before)}</sub>")


def _runs(keys: Iterable[str]) -> Iterator[str]:
    names = list(keys)
    yield from (f"- {_code(name)}" for name in names[:_MOST_ROWS])
    if len(names) > _MOST_ROWS:
        yield f"- … and {len(names) - _MOST_ROWS} more"


def _escaped(text: str) -> str:
    """Return words that mean nothing to Markdown, on one line."""
    plain = " ".join(text.split())
    # A name of somebody would be told of it, a number would be linked.
    return _SPECIAL.sub(r"\\\1", plain).replace("@", "@\u200b")


def _code(text: str) -> str:
    """Return a name as code; a pipe would end the cell."""
    plain = " ".join(text.split()).replace("|", "\\|")
    return f"`` {plain} ``" if "`" in plain else f"`{plain}`"
