"""What of the code could not be read, for who looks for something there and does not find it."""

from huldra.analysis.snapshot import Snapshot

_UNREAD = "HUL001"


def where_unread(snapshot: Snapshot, name: str = "") -> str:
    """Return words to put behind "there is no such thing": where it may stand; empty where all could be read.

    Args:
        snapshot: The state.
        name: The full name of what is missing; the file of its module comes first, if it could not be read.
    """
    problems = [problem for problem in snapshot.problems if problem.code == _UNREAD]
    module_of = snapshot.project.modules.module_of
    own = [each for each in problems if name.startswith(f"{module_of.get(each.place.file, '')}.")]
    first = next(iter((*own, *problems)), None)
    if first is None:
        return ""
    place = snapshot.inputs.places.place(first.place)
    return f"; it may stand in {place.file}, which could not be read: {place.file}:{place.line} {first.message}"
