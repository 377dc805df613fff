"""Calls that are written in several ways and do the same: keywords in another order, `@dataclass()`."""

from huldra.facts import expressions as e
from huldra.fingerprints.mentions import Mention, QuietCalls, Quietness
from huldra.fingerprints.name_patterns import text_of


def in_one_way(call: e.Call, quietness: Quietness, called: Mention | None, quiet: QuietCalls) -> e.Expression:
    """Return what a call comes down to: keywords sorted, and no brackets that say nothing; the very same if it is that.

    Args:
        call: The call.
        quietness: Whether it stands for its first argument.
        called: What it calls, where that is told by a name.
        quiet: Says what that takes.
    """
    if quietness == "wrapper" and call.arguments and call.arguments[0].name is None:
        return call.arguments[0].value
    if called is None:
        return call
    if not call.arguments:
        return call.function if quiet.is_record_maker(called) else call
    named = [argument for argument in call.arguments if argument.name is not None]
    names = [argument.name or "" for argument in named]
    if len(named) < 2 or names == sorted(names) or not all(map(_is_inert, call.arguments)):
        return call
    if not quiet.takes_in_any_order(called):
        return call
    others = [argument for argument in call.arguments if argument.name is None]
    return e.Call(call.function, (*others, *sorted(named, key=lambda argument: argument.name or "")), call.at)


def _is_inert(argument: e.Argument) -> bool:
    """Whether nothing runs as an argument is computed, so that it does not count when that is."""
    value = argument.value.operand if isinstance(argument.value, e.Unary) else argument.value
    is_written = isinstance(value, e.Literal | e.Constant) or text_of(value) is not None
    return not argument.star and (is_written or isinstance(argument.value, e.Name))
