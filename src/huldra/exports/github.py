"""Findings as workflow commands, which GitHub Actions shows at the lines of a pull request."""

from collections.abc import Iterable

from huldra.features.findings import Finding
from huldra.features.rules import RULES

_COMMANDS = {"error": "error", "warning": "warning"}
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def github_text(findings: Iterable[Finding], prefix: str = "") -> str:
    """Return one command a line; `prefix` leads from the top of the repository to the project's root."""
    return "".join(f"{_command(finding, prefix)}\n" for finding in findings)


def _command(finding: Finding, prefix: str) -> str:
    place = finding.place
    properties = {"file": f"{prefix}{place.file}", "line": str(place.line)}
    # GitHub refuses columns of a range of more than one line.
    if place.line == place.end_line:
        properties["col"] = str(place.column)
    properties["endLine"] = str(place.end_line)
    if place.line == place.end_line:
        properties["endColumn"] = str(place.end_column)
    rule = RULES.get(finding.code)
    properties["title"] = f"{finding.code} {rule.name}" if rule is not None else finding.code
    words = ",".join(f"{name}={value.translate(_PROPERTY)}" for name, value in properties.items())
    return f"::{_COMMANDS.get(finding.severity, 'notice')} {words}::{finding.message.translate(_DATA)}"
