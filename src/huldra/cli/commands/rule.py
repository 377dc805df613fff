"""`huldra rule`: what a problem code means, or which codes there are."""

from rich.text import Text

from huldra.cli.arguments import Options, UsageError
from huldra.cli.terminal import Terminal, aligned
from huldra.features.rules import RULES, Rule, find_rule
from huldra.features.short_names import NoSuch


def rule(options: Options) -> int:
    """Effect: write the page of a code to stdout, or the list of all that begin so. Return the exit code."""
    terminal = Terminal(options)
    beginning = (options.code or "").strip().upper()
    family = [rule for code, rule in RULES.items() if code.startswith(beginning)]
    if len(family) > 1:
        terminal.lines(aligned([(Text(found.code, style="bold"), found.name, found.what) for found in family]))
        return 0
    found = find_rule(options.code or "")
    if isinstance(found, NoSuch):
        raise UsageError(found.with_list("`huldra rule` lists them"))
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
