"""How the code of one run differs from the code of another of the same class."""

from huldra.analysis.snapshot import Snapshot
from huldra.comparison.code_by_value import closure_with_named
from huldra.comparison.code_changes import code_changes
from huldra.comparison.code_reasons import NoCode
from huldra.comparison.run_holdings import held_configs
from huldra.comparison.value_patterns import own_texts
from huldra.fingerprints.holdings import Holdings
from huldra.fingerprints.model import Closure
from huldra.fingerprints.states import CodeState
from huldra.stored_runs.model import StoredRun


def code_differences(snapshot: Snapshot, first: StoredRun, second: StoredRun) -> tuple[str, ...]:
    """Return what changed from the code of one run to that of the other, in words; why that is not known, if it is not.

    Effect: asks git, or reads what the runs recorded.
    """
    if first.class_name != second.class_name:
        return ()
    states = (snapshot.inputs.history(first), snapshot.inputs.history(second))
    for state in states:
        if isinstance(state, NoCode):
            return (f"the code cannot be compared: {state.message}",)
    found = [
        _closure(snapshot, state, run)
        for state, run in zip(states, (first, second), strict=True)
        if not isinstance(state, NoCode)
    ]
    then, now = found
    if then is None or now is None:
        return (f"{first.class_name} is not in the code that was recorded with one of the runs",)
    return tuple(change.message for change in code_changes(then, now))


def _closure(snapshot: Snapshot, state: CodeState, run: StoredRun) -> Closure | None:
    project = snapshot.project
    held = Holdings() if run.config is None else held_configs(run.config).then()
    own = own_texts(run.config_document, lambda name: project.experiment(name) is not None)
    return closure_with_named(state, run.class_name, run.dialect.create_method, held, own, project.modules)
