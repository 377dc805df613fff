"""What stored runs are by the code of the last commit: what an edit is measured against. Effect: reads git."""

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from huldra.analysis.host import Workspace, present_moment
from huldra.analysis.snapshot import Snapshot
from huldra.analysis.two_states import HEAD, NotComparable, state_at
from huldra.sources.settings import Settings
from huldra.stored_runs.model import StoredStore


class VerdictsAtHead:
    """Gives verdicts by the committed code; where only runs have changed, only these are judged again.

    Used by one thread at a time.
    """

    def __init__(self) -> None:
        self._known: tuple[str | None, Settings, Snapshot] | None = None

    def verdicts(
        self,
        workspace: Workspace,
        revision: str | None,
        store: StoredStore,
        check: Callable[[], None] | None = None,
    ) -> Mapping[str, str]:
        """Effect: read git. Return the verdict of each run by the code of a commit; nothing without a commit.

        Args:
            workspace: The project.
            revision: The commit that is the last one.
            store: The runs.
            check: Called now and then; may raise to give it up.
        """
        known = self._known
        if known is not None and known[:2] == (revision, workspace.settings):
            inputs = replace(known[2].inputs, store=store, present=present_moment())
            snapshot = Snapshot(inputs, known[2])
        else:
            state = state_at(workspace, HEAD, check=check, store=store)
            if isinstance(state, NotComparable):
                return {}
            snapshot = state.snapshot
        _ = snapshot.comparison
        self._known = (revision, workspace.settings, snapshot)
        return snapshot.verdicts
