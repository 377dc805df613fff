"""`huldra.accept`: a question that shows the changes and asks why they do not matter, then an entry in the ledger.

The protocol has no field to type in, so the answers are reasons; a client that can ask sends `reason` itself.
"""

from collections.abc import Mapping
from datetime import date
from functools import partial

from huldra.analysis.accepted_file import read_accepted, write_accepted
from huldra.features.acceptance import Proposal, proposal
from huldra.features.targets import Outdated, choose_target
from huldra.lsp.answers import NO_PROJECT, Answer, refused
from huldra.lsp.broken_files import broken_file
from huldra.lsp.desk import Desk
from huldra.lsp.jobs import CANCEL
from huldra.lsp.targets import Argument
from huldra.sources.toml_files import SettingsError

_REASONS: Mapping[str, str] = {
    "The results are the same": "the results are the same",
    "They differ too little to matter": "the results differ too little to matter",
}
_ACCEPT = "Accept"
_MOST_SHOWN = 5


async def accept(desk: Desk, argument: Argument) -> Answer:
    """Effect: after a question, write down that changes of code do not matter to the runs that they make stale."""
    proposed = await _proposed(desk, argument)
    if not isinstance(proposed, Proposal):
        desk.client.tell(str(proposed["message"]))
        return proposed
    given = argument.fields.get("reason")
    reason = " ".join(given.split()) if isinstance(given, str) else ""
    answers = {_ACCEPT: reason} if reason else _REASONS
    answer = await desk.client.ask(_question(proposed, reason), (CANCEL, *answers))
    if answer is None or answer not in answers:
        return refused("not wanted")
    again = await _proposed(desk, argument)
    if not isinstance(again, Proposal) or again.entries("", "") != proposed.entries("", ""):
        desk.client.tell("what it would accept has changed while you were asked; look again")
        return refused("changed while it was asked for")
    home = await desk.positions_of(argument.uri)
    if home is None:
        return refused(NO_PROJECT)
    root = home.project.root
    entries = again.entries(answers[answer], date.today().isoformat())  # noqa: DTZ011  # the day as its author sees it
    try:
        path = write_accepted(root, (*read_accepted(root).entries, *entries))
    except (OSError, SettingsError) as error:
        desk.client.tell(f"nothing was accepted: {error}")
        return refused(str(error))
    desk.look_again()
    return {"done": True, "uri": path.as_uri(), "entries": len(entries), "still": list(again.others)}


async def _proposed(desk: Desk, argument: Argument) -> Proposal | Answer:
    """Return what would be accepted, or why nothing can be."""
    positions = await desk.positions_of(argument.uri)
    if positions is None:
        return refused(NO_PROJECT)
    view = positions.published.view
    chosen = choose_target(view, argument.target)
    if isinstance(chosen, Outdated):
        return refused(chosen.message)
    unsaved = desk.unsaved(positions.project)
    if unsaved:
        return refused(f"save {', '.join(unsaved[:_MOST_SHOWN])} first: what is accepted is what lies on disk")
    broken = broken_file(view, chosen.keys)
    if broken is not None:
        return refused(f"{broken} cannot be read as it stands: what is accepted is what lies on disk")
    runs = [view.runs[key] for key in chosen.keys if key in view.runs]
    proposed = await desk.in_background(partial(proposal, runs, view.runs))
    if not proposed.runs:
        return refused("there is nothing to accept: no run of this is stale")
    if not proposed.changes:
        return refused(f"only changes of code can be accepted, and this is another: {proposed.others[0]}")
    return proposed


def _question(proposed: Proposal, reason: str) -> str:
    count, runs = len(proposed.changes), len(proposed.runs)
    changes = "; ".join(change.message for change in proposed.changes[:_MOST_SHOWN])
    more = f"; and {count - _MOST_SHOWN} more" if count > _MOST_SHOWN else ""
    made = f"makes {runs} run{'s' if runs > 1 else ''} stale: {changes}{more}."
    return f"This {made} Accept it because {reason}?" if reason else f"This {made} Why does it not matter to them?"
