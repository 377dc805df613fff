"""`huldra rule`: what a problem code means."""

from rich.text import Text

from huldra.cli.arguments import Options, UsageError
from huldra.cli.terminal import Terminal, aligned
from huldra.features.rules import RULES, Rule, find_rule
from huldra.features.short_names import NoSuch


def rule(options: Options) -> int:
    """Effect: write the page of a code to stdout, or the list of all. Return the exit code."""
    terminal = Terminal(options)
    if options.code is None:
        terminal.lines(aligned([(Text(found.code, style="bold"), found.name, found.what) for found in RULES.values()]))
        return 0
    found = find_rule(options.code)
    if isinstance(found, NoSuch):
        raise UsageError(found.message)
    _write(terminal, found)
    return 0


def _write(terminal: Terminal, found: Rule) -> None:
    terminal.line((found.code, "bold"), f" {found.name}")
    for title, words in (("What", found.what), ("Why", found.why)):
        terminal.line()
        terminal.line((title, "bold"))
        terminal.line(f"  {words}")
    terminal.line()
    terminal.line(("Example", "bold"))
    terminal.lines(Text(f"  {line}") for line in found.example.splitlines())
    terminal.line()
    terminal.line(("Fix", "bold"))
    terminal.line(f"  {found.fix}")
