"""A problem in the code, as data: what a reader is told, and where."""

from dataclasses import dataclass
from typing import Literal

from huldra.project.places import Place

Severity = Literal["error", "warning", "information", "hint"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding. `code` is one of the published problem codes."""

    place: Place
    code: str
    severity: Severity
    message: str
