"""Which problem codes a command is to show. Raises what stops it where a code is wrong; knows no problem."""

from huldra.analysis.host import Workspace
from huldra.cli.arguments import Options, UsageError
from huldra.features.chosen_problems import OPT_IN, Choice, UnknownCode, problem_choice
from huldra.sources.settings import error_at


def codes_to_show(options: Options, workspace: Workspace, opt_in: tuple[str, ...] = OPT_IN) -> Choice:
    """Return the choice that command line and settings make.

    Raises:
        UsageError: the command line names a code that there is not.
        SettingsError: the settings do; it says where.
    """
    choice = problem_choice(workspace.settings, options.select, options.ignore, opt_in)
    if not isinstance(choice, UnknownCode):
        return choice
    if choice.keys:
        raise error_at(workspace.root.path, choice.keys, choice.message)
    raise UsageError(choice.message)
