"""Findings as a code quality report, which GitLab shows in a merge request."""

import hashlib
from collections import Counter
from collections.abc import Iterable

from huldra.features.findings import Finding
from huldra.formats.json_values import JsonObject, readable_json

_SEVERITIES = {"error": "major", "warning": "minor"}


def gitlab_text(findings: Iterable[Finding], prefix: str = "") -> str:
    """Return the report; `prefix` leads from the top of the repository to the project's root."""
    seen: Counter[str] = Counter()
    rows = [_row(finding, prefix, seen) for finding in findings]
    return f"{readable_json(rows, indent=2)}\n"


def _row(finding: Finding, prefix: str, seen: Counter[str]) -> JsonObject:
    key = "\n".join(finding.keys)
    seen[key] += 1
    return {
        "description": f"{finding.code}: {finding.message}",
        "check_name": finding.code,
        # The same from commit to commit, or GitLab would call an old finding new.
        "fingerprint": hashlib.sha256(f"{key}\n{seen[key]}".encode()).hexdigest(),
        "severity": _SEVERITIES.get(finding.severity, "info"),
        "location": {
            "path": f"{prefix}{finding.place.file}",
            "lines": {"begin": finding.place.line, "end": finding.place.end_line},
        },
    }
