"""The one argument object of every command: written into lenses and actions, read back and believed in nothing."""

from collections.abc import Mapping

from lsprotocol import types
from msgspec import Struct

from huldra.features.targets import Target
from huldra.lsp.documents import Asked
from huldra.lsp.json_objects import as_mapping


class Argument(Struct, frozen=True):
    """What a client sends back: the document and version that a target was shown for, and with which command.

    `fields` is the object as it was sent, for commands that take more.
    """

    uri: str
    version: int | None
    target: Target
    command: str
    fields: Mapping[str, object] = {}


NO_ARGUMENT = Argument("", None, Target("", None, ""), "")


def command_of(
    title: str, command: str, target: Target, asked: Asked, values: tuple[tuple[str, str], ...] = ()
) -> types.Command:
    """Return a command with its argument."""
    return types.Command(title, command, None, [argument_of(target, asked, command, values)])


def argument_of(
    target: Target, asked: Asked, command: str, values: tuple[tuple[str, str], ...] = ()
) -> dict[str, object]:
    """Return the argument object of a command; `values` are Python by field, for what writes code."""
    return {
        **({"values": dict(values)} if values else {}),
        "uri": asked.uri,
        "version": asked.version,
        "class": target.class_name,
        "hash": target.digest,
        "selector": target.selector,
        "command": command,
    }


def read_argument(value: object) -> Argument | None:
    """Return what a client sends, whatever its library made of the JSON; None for what is no argument object."""
    fields = as_mapping(value)
    if fields is None:
        return None
    uri, version, digest = fields.get("uri"), fields.get("version"), fields.get("hash")
    class_name, selector, command = fields.get("class"), fields.get("selector"), fields.get("command")
    if not isinstance(uri, str | None) or not isinstance(class_name, str | None) or not isinstance(digest, str | None):
        return None
    # What names one experiment, or some, must not come to mean the whole class because it cannot be read.
    if not isinstance(selector, str | None) or (selector == "experiment" and not digest):
        return None
    target = Target(class_name or "", digest or None, selector or "")
    known = version if isinstance(version, int) and not isinstance(version, bool) else None
    return Argument(uri or "", known, target, command if isinstance(command, str) else "", fields)
