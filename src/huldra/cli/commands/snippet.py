"""`huldra snippet`: Python that builds a run's config again."""

from huldra.cli.arguments import USAGE_ERROR, Options
from huldra.cli.opening import one_run, open_project
from huldra.cli.terminal import Terminal, write_data
from huldra.exports.harmless_text import harmless
from huldra.features.run_details import run_source, snippet_text
from huldra.plans.recorded_config import CannotRestore
from huldra.stored_runs.model import StoredRun


def snippet(options: Options) -> int:
    """Effect: write the snippet to stdout, and to stderr what speaks against it. Return the exit code."""
    terminal = Terminal(options)
    opened = open_project(options, terminal, is_whole=False)
    run = one_run(opened, options.run).run
    if not isinstance(run, StoredRun):
        terminal.complain(f"{run.path} cannot be read: {run.reason}")
        return USAGE_ERROR
    source = run_source(run, opened.snapshot.project, opened.snapshot.experiments)
    if isinstance(source, CannotRestore):
        terminal.complain(f"no code can be written that gives {run.path} again: {source.reason}")
        return USAGE_ERROR
    for fault in source.faults:
        terminal.hint(f"{fault}: the snippet cannot be run as it is")
    exact = "".join(f"# {line}\n" for line in _instructions(run)) if options.is_exact else ""
    write_data(harmless(f"{exact}{snippet_text(source)}"))  # texts in it are literals, which are so already
    return 0


def _instructions(run: StoredRun) -> tuple[str, ...]:
    """Return how to get the code back that made a run."""
    made = run.provenance
    if made is None or made.commit is None:
        return ("No commit was recorded with this run.",)
    lines = [
        f"Made at commit {made.commit}" + (f" on {made.branch}" if made.branch else "") + ":",
        f"  git worktree add --detach ../exact {made.commit}",
    ]
    if made.is_dirty:
        lines.append("with uncommitted changes, recorded as git_patch in:")
        lines.append(f"  {run.path}/{run.dialect.internal_directory}/metadata.json")
    lines.append(f"`huldra rerun {run.hash} --code then` does all of this.")
    return tuple(lines)
