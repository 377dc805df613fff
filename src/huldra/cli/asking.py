"""The runs that answer the query of a command line, or why it cannot be understood."""

from collections.abc import Iterable

from huldra.cli.arguments import UsageError
from huldra.cli.opening import Opened
from huldra.comparison.model import ComparedRun
from huldra.features.asked_runs import asked_runs
from huldra.features.run_rows import RunRow
from huldra.stored_runs.query.expressions import QueryFault


def runs_asked_for(opened: Opened, query: str, runs: Iterable[ComparedRun]) -> tuple[RunRow[ComparedRun], ...]:
    """Return the runs that answer a query.

    Raises:
        UsageError: it is no query; the fault is drawn.
    """
    found = asked_runs(opened.workspace, opened.snapshot.project, runs, query)
    if isinstance(found, QueryFault):
        raise UsageError(f"{found.message}\n{found.drawing()}")
    return found
