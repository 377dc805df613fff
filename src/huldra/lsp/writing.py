"""New experiments in the editor: a form to fill in, what would be built, and the edit. The user's code is not run."""

import difflib
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import partial

from lsprotocol import types
from msgspec import Struct
from pygls.exceptions import JsonRpcContentModified, JsonRpcInvalidParams

from huldra.analysis.unread_code import where_unread
from huldra.features.new_experiment import (
    Preview,
    class_of_word,
    home_of,
    preview_of,
    values_of,
    wish_for,
)
from huldra.features.picture import ClassRow
from huldra.features.project_view import ProjectView
from huldra.features.short_names import NoSuch
from huldra.lsp.answers import NO_PROJECT, Answer, refused_aloud
from huldra.lsp.desk import Desk
from huldra.lsp.documents import Positions
from huldra.lsp.json_objects import as_mapping
from huldra.lsp.targets import Argument
from huldra.plans.new_code import NewCode, new_code
from huldra.plans.values_in_code import NotWritable
from huldra.sources.documents import Unreadable
from huldra.sources.target_file import read_target

_TRIES = 4
_PATIENCE_SECONDS = 2.0


class Order(Struct, frozen=True):
    """What a client asks to have written: values are Python by field; `into` is a URI, empty for the usual file."""

    class_name: str
    values: Mapping[str, str]
    into: str
    name: str | None


class Planned(Struct, frozen=True):
    """New code, and what it would build; `before` is what its file holds now."""

    positions: Positions
    code: NewCode
    before: str
    preview: Preview


def read_order(fields: Mapping[str, object]) -> Order:
    """Return what a client asks for.

    Raises:
        JsonRpcInvalidParams: it is no such thing.
    """
    class_name, into, name = fields.get("class"), fields.get("into"), fields.get("name")
    values = as_mapping(fields.get("values") or {})
    if not isinstance(into, str | None) or not isinstance(name, str | None):
        raise JsonRpcInvalidParams("into is a URI, name a name")
    if not isinstance(class_name, str) or values is None:
        raise JsonRpcInvalidParams("say class, values (Python by field), and perhaps into (a URI) and name")
    texts = {field: value for field, value in values.items() if isinstance(value, str)}
    if len(texts) != len(values):
        raise JsonRpcInvalidParams("each of the values is Python, as text")
    return Order(class_name, texts, into or "", name or None)


def class_there(positions: Positions, word: str) -> ClassRow:
    """Return the class of a request.

    Raises:
        JsonRpcInvalidParams: there is none of that name.
    """
    row = class_of_word(positions.published.view, word)
    if isinstance(row, NoSuch):
        raise JsonRpcInvalidParams(f"{row.message}{where_unread(positions.published.view.snapshot)}")
    return row


async def plan(desk: Desk, positions: Positions, order: Order) -> Planned | NotWritable:
    """Return the code that an order stands for, and what it would build together with what the buffers hold."""
    view = positions.published.view
    row = class_there(positions, order.class_name)
    wish = wish_for(row, order.values, order.name)
    if isinstance(wish, NotWritable):
        return wish
    file = _file_of(desk, positions, order.into) if order.into else home_of(view, row)
    if isinstance(file, NotWritable):
        return file
    text = _text_of(desk, positions, file)
    if isinstance(text, NotWritable):
        return text
    code = new_code(wish, file, text, view.snapshot.project)
    if isinstance(code, NotWritable):
        return code
    after = await imagined(desk, positions, {file: code.after})
    return Planned(positions, code, text or "", preview_of(after, code, row.name))


async def imagined(desk: Desk, positions: Positions, texts: Mapping[str, str]) -> ProjectView:
    """Return the project with other texts, by root-relative name.

    Runs that come and go meanwhile are no reason to give it up.
    """
    for _ in range(_TRIES):
        with suppress(JsonRpcContentModified):
            return await desk.in_background(partial(positions.project.imagine, texts))
        await desk.settle(_PATIENCE_SECONDS)
    return await desk.in_background(partial(positions.project.imagine, texts))


async def write_new(desk: Desk, argument: Argument) -> Answer:
    """Effect: have the editor put new code into a document, where it can be undone. All of it is looked up again."""
    positions = await desk.positions_of(argument.uri)
    if positions is None:
        return refused_aloud(desk.client, NO_PROJECT)
    fields = dict(argument.fields)
    if "values" not in fields and argument.target.key is not None:
        row = class_there(positions, argument.target.class_name)
        fields["values"] = values_of(positions.published.view, row, argument.target.key)
    planned = await plan(desk, positions, read_order(fields))
    if isinstance(planned, NotWritable):
        return refused_aloud(desk.client, planned.message)
    uri = positions.uri_of(planned.code.file)
    edit = _edit(desk, planned, uri)
    if edit is None:
        return refused_aloud(desk.client, "this editor cannot make new files: `huldra new` in a terminal can")
    if not await desk.client.apply(edit, f"huldra: new {argument.target.class_name.rpartition('.')[2]}"):
        return refused_aloud(desk.client, "the editor did not take the edit")
    line = types.Position(planned.code.first_line - 1, 0)
    desk.client.show_document(uri, types.Range(line, line))
    keys = [key for key, _ in planned.preview.experiments]
    return {"done": True, "uri": uri, "line": planned.code.first_line, "experiments": keys}


def _file_of(desk: Desk, positions: Positions, uri: str) -> str | NotWritable:
    """The root-relative name of a file that may not be there yet."""
    home = desk.home(uri)
    if home is None or home[0] is not positions.project:
        return NotWritable(f"{uri} is no file of {positions.project.root}")
    return home[1] if home[1].endswith(".py") else NotWritable(f"{home[1]} is no Python file")


def _text_of(desk: Desk, positions: Positions, file: str) -> str | NotWritable | None:
    """What a file holds, as the editor has it; None for one that is not there."""
    buffer = desk.buffers.get(positions.project.uris.get(file, ""))
    if buffer is not None:
        return buffer.text
    text = read_target(positions.project.root / file)
    return NotWritable(f"{file} cannot be read: {text.reason}") if isinstance(text, Unreadable) else text


def _edit(desk: Desk, planned: Planned, uri: str) -> types.WorkspaceEdit | None:
    buffer = desk.buffers.get(uri)
    version = None if buffer is None else buffer.version
    edits = line_edits(planned.before, planned.code.after)
    if not planned.code.is_new:
        if not desk.client.takes_document_changes:
            return types.WorkspaceEdit(changes={uri: edits})
        document = types.OptionalVersionedTextDocumentIdentifier(uri, version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, list(edits))])
    if not desk.client.takes_document_changes or not desk.client.makes_files:
        return None
    document = types.OptionalVersionedTextDocumentIdentifier(uri, None)
    create = types.CreateFile(uri, options=types.CreateFileOptions(overwrite=False, ignore_if_exists=False))
    return types.WorkspaceEdit(document_changes=[create, types.TextDocumentEdit(document, list(edits))])


def line_edits(before: str, after: str) -> list[types.TextEdit]:
    """Return edits of whole lines that lead from one text to another; only what differs is touched."""
    old, new = _lines(before), _lines(after)
    edits: list[types.TextEdit] = []
    for kind, start, end, first, last in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            place = types.Range(types.Position(start, 0), types.Position(end, 0))
            edits.append(types.TextEdit(place, "".join(new[first:last])))
    return edits


def _lines(text: str) -> list[str]:
    """Lines with their ends, as editors count them: a form feed ends none."""
    return [line for line in re.split(r"(?<=\n)", text) if line]
