"""What is not known of the older side of a change, since its code cannot be parsed there. Judges nothing."""

from collections.abc import Iterator

from huldra.analysis.snapshot import Snapshot
from huldra.analysis.two_states import TwoStates
from huldra.facts.statements import FileFacts
from huldra.project.places import Origin, Place

_MOST = 3


def unparsed_before(states: TwoStates) -> tuple[str, ...]:
    """Return what a reader must know of code that cannot be parsed at the older side, in words.

    All that anybody wants to know of that side has been asked for.
    """
    if states.before is states.after or (states.differing is not None and not states.differing):
        return ()  # nothing differs
    places = sorted(_broken(states.before))
    words = [
        f"at {states.before_name}, {place.file}:{place.line} cannot be parsed: what was stale or wrong there already "
        "cannot be told"
        for place in places[:_MOST]
    ]
    more = len(places) - _MOST
    if more > 0:
        words.append(f"at {states.before_name}, {more} more {'file' if more == 1 else 'files'} cannot be parsed")
    return tuple(words)


def _broken(snapshot: Snapshot) -> Iterator[Place]:
    """Yield where files with experiments, or with code that runs reach, cannot be parsed: of each the first place."""
    reached = (file for each in snapshot.code.asked_for().values() if each is not None for file in each.damaged)
    unread = {problem.place.file: problem.place for problem in snapshot.inputs.problems if problem.code == "HUL001"}
    yield from unread.values()
    for file in {*snapshot.project.relevant, *reached}.difference(unread):
        place = _first_problem(file, snapshot.project.facts[file])
        if place is not None:
            yield place


def _first_problem(file: str, facts: FileFacts) -> Place | None:
    if facts.problem is not None:
        return Origin(file).place(facts.problem.at)
    for piece in facts.pieces:
        if piece.facts.problem is not None:
            return Origin(file, piece.first_line).place(piece.facts.problem.at)
    return None
