"""What stored runs are by the code of the last commit: what an edit is measured against. Effect: reads git."""

from collections.abc import Callable, Mapping

from huldra.analysis.host import Workspace
from huldra.analysis.two_states import HEAD, NotComparable, state_at


def verdicts_at_head(workspace: Workspace, check: Callable[[], None] | None = None) -> Mapping[str, str]:
    """Effect: read git and the store. Return the verdict of each run by the committed code; nothing without a commit.

    Args:
        workspace: The project.
        check: Called now and then; may raise to give it up.
    """
    state = state_at(workspace, HEAD, check=check)
    if isinstance(state, NotComparable):
        return {}
    return {key: run.verdict for key, run in state.snapshot.comparison.by_key().items()}
