"""Findings as SARIF 2.1.0, the format of code scanning. Knows the standard, not who reads it."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from huldra.features.findings import Finding
from huldra.features.rules import RULES, Rule
from huldra.formats.json_values import readable_json

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning"}
_ROOT = "SRCROOT"


def sarif_text(findings: Iterable[Finding], version: str, prefix: str = "") -> str:
    """Return the log of one run.

    Args:
        findings: What was found.
        version: Of huldra.
        prefix: Leads from the top of the repository to the project's root.
    """
    found = tuple(findings)
    rules = tuple(RULES[code] for code in sorted({finding.code for finding in found} & RULES.keys()))
    seen: Counter[str] = Counter()
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "huldra", "version": version, "rules": [_rule(rule) for rule in rules]}},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {_ROOT: {"description": {"text": "The top of the repository."}}},
                "results": [_result(finding, rules, prefix, seen) for finding in found],
            }
        ],
    }
    return f"{readable_json(log, indent=2)}\n"


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.what},
        "fullDescription": {"text": f"{rule.what} {rule.why}"},
        "help": {
            "text": f"{rule.why}\n\nExample:\n{rule.example}\n\nFix: {rule.fix}",
            "markdown": f"{rule.why}\n\n```python\n{rule.example}\n```\n\n**Fix.** {rule.fix}",
        },
    }


def _result(finding: Finding, rules: Sequence[Rule], prefix: str, seen: Counter[str]) -> dict[str, object]:
    key = "\n".join(finding.keys)
    seen[key] += 1
    index = next((number for number, rule in enumerate(rules) if rule.code == finding.code), -1)
    return {
        "ruleId": finding.code,
        **({"ruleIndex": index} if index >= 0 else {}),
        "level": _LEVELS.get(finding.severity, "note"),
        "message": {"text": finding.message},
        "locations": [_location(finding, prefix)],
        # Without line numbers, so that an alert stays the same one when its code moves.
        "partialFingerprints": {"huldra/v1": hashlib.sha256(f"{key}\n{seen[key]}".encode()).hexdigest()},
        "properties": {
            "runs": [run.key for run in finding.runs],
            "downstream": [run.key for run in finding.downstream],
        },
    }


def _location(finding: Finding, prefix: str) -> dict[str, object]:
    place = finding.place
    is_elsewhere = place.file.startswith("/")
    where = {"uri": f"file://{quote(place.file)}"} if is_elsewhere else {"uri": quote(f"{prefix}{place.file}")}
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
    artifact = where if is_elsewhere else {**where, "uriBaseId": _ROOT}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}
