"""Findings as diagnostics: the same list whether the editor asks for it or is sent it."""

from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from lsprotocol import types

from huldra.features.editor_problems import Related, Underlined, file_findings, rule_name
from huldra.features.rules import RULES, rule_page
from huldra.lsp.client import Client
from huldra.lsp.documents import Positions
from huldra.lsp.views import write_view

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}


def diagnostics_of(positions: Positions, name: str) -> list[types.Diagnostic]:
    """Return what is to be underlined in a file, where it stands now; what was edited away is left out."""
    found: list[types.Diagnostic] = []
    for finding in file_findings(positions.published.view, name):
        place = positions.range(finding.place)
        if place is not None:
            found.append(_diagnostic(positions, finding, place))
    for problem in positions.published.state.broken:
        place = positions.later_range(problem.place) if problem.place.file == name else None
        if place is not None:
            code, severity = problem.code, problem.severity
            finding = Underlined(problem.place, code, rule_name(code), severity, problem.message)
            found.append(_diagnostic(positions, finding, place))
    return found


def push_diagnostics(client: Client, positions: Positions) -> None:
    """Effect: send the diagnostics of the documents that the editor holds."""
    for name, uri in positions.project.uris.items():
        buffer = positions.buffers.get(uri)
        if buffer is not None:
            client.publish(uri, buffer.version, diagnostics_of(positions, name))


def _diagnostic(positions: Positions, finding: Underlined, place: types.Range) -> types.Diagnostic:
    related = [_related(positions, other) for other in finding.related]
    return types.Diagnostic(
        range=place,
        message=finding.message,
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        code_description=_page(positions.project.root, finding.code),
        source="huldra",
        tags=[types.DiagnosticTag.Unnecessary] if finding.is_useless else None,
        related_information=[info for info in related if info is not None] or None,
        data={"name": finding.name, "class": finding.class_name},
    )


def _related(positions: Positions, related: Related) -> types.DiagnosticRelatedInformation | None:
    location = positions.location(related.place)
    return None if location is None else types.DiagnosticRelatedInformation(location, related.message)


@lru_cache(maxsize=256)
def _page(root: Path, code: str) -> types.CodeDescription | None:
    """The page of a code, as a file that the editor can open; a directory that cannot be written has none."""
    rule = RULES.get(code)
    if rule is None:
        return None
    with suppress(OSError):
        return types.CodeDescription(write_view(root, f"rules/{code}.md", rule_page(rule)))
    return None
