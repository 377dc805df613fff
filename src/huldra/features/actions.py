"""What can be done about what stands on some lines: every lens's command, and what has no room in a lens."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from huldra.features.lenses import file_lenses
from huldra.features.project_view import ProjectView
from huldra.features.run_words import LIVE
from huldra.features.short_names import short_key
from huldra.features.targets import Target

_TITLES = {
    "huldra.rerun": "Rerun {name}",
    "huldra.runMissing": "Run what is missing of {name}",
    "huldra.showRun": "Show {name}",
    "huldra.why": "Why is {name} {verdict}?",
}


@dataclass(frozen=True, slots=True)
class Action:
    """A command with its title. Of two that do the same there is one."""

    title: str
    command: str
    target: Target


def actions_at(view: ProjectView, file: str, first_line: int, last_line: int, now: datetime) -> tuple[Action, ...]:
    """Return what can be done about what stands on lines of a file (from 1, both included), lenses' commands first."""
    lenses = [lens for lens in file_lenses(view, file, now) if first_line <= lens.place.line <= last_line]
    found = [Action(_title(view, lens.command, lens.target), lens.command, lens.target) for lens in lenses]
    for target in dict.fromkeys(lens.target for lens in lenses):
        found += _more(view, target)
    return tuple({(action.command, action.target): action for action in reversed(found)}.values())[::-1]


def _more(view: ProjectView, target: Target) -> Iterator[Action]:
    name = _name(view, target)
    if target.key is not None:
        run = view.runs.get(target.key)
        yield Action(f"Show {name}", "huldra.showRun", target)
        yield Action(f"Copy Python that builds {name}", "huldra.copySnippet", target)
        if run is not None:
            yield Action(f"Open the log of {name}", "huldra.showLog", target)
            if run.verdict == "stale":
                yield Action(f"Accept the change that makes {name} stale", "huldra.accept", target)
            if run.verdict in LIVE:
                yield Action(f"Cancel {name}", "huldra.cancel", target)
    if target.selector != "dynamic":
        yield Action(f"Show what {name} depends on", "huldra.showDag", target)


def _title(view: ProjectView, command: str, target: Target) -> str:
    run = view.runs.get(target.key or "")
    verdict = "missing" if run is None else run.verdict
    return _TITLES[command].format(name=_name(view, target), verdict=verdict)


def _name(view: ProjectView, target: Target) -> str:
    if target.key is not None:
        return short_key(target.key, view.names)
    name = view.names.get(target.class_name, target.class_name)
    return f"this sweep of {name}" if target.selector.startswith("sweep") else name
