"""Whether an edit of a file leaves what an evaluation has found as it is. Goes by text: no values are at hand."""

from huldra.experiments.evaluate.mentioned import mentioned_in_functions, mentioned_names
from huldra.experiments.trace import Trace
from huldra.facts.statements import FileFacts
from huldra.project.edits import edited_bodies
from huldra.project.local_names import local_names


def is_unaffected(trace: Trace, file: str, before: FileFacts, after: FileFacts) -> bool:
    """Return whether an evaluation would find the very same after an edit of a file.

    It would if only bodies are other ones that it has not run, and would not be run now: a function is run when it
    mentions a name that can lead to an experiment, and the earlier if no other function mentions its own. Which names
    can is the least set that holds the classes and all that mentions one of the set; where what mentions the same of
    the set as before is all that has changed, it is the same set.
    """
    bodies = edited_bodies(before, after)
    if bodies is None:
        return False
    for body in bodies:
        old, new = mentioned_names(body.before), mentioned_names(body.after)
        if (file, body.line, body.column) in trace.ran or old & trace.building != new & trace.building:
            return False
        # A call too deep to be followed tells a generator from another function without running it.
        if local_names(body.before).is_generator != local_names(body.after).is_generator:
            return False
    old, new = mentioned_in_functions(before), mentioned_in_functions(after)
    changed = (old - new) | (new - old - trace.mentioned)  # of what is gone, others may be all that mentions it
    return changed.isdisjoint(trace.defined)
