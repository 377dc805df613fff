"""What can be done about what stands at the cursor: the same commands as in the lenses, edits, and more."""

from collections.abc import Iterator
from datetime import UTC, datetime

from lsprotocol import types

from huldra.features.actions import actions_at
from huldra.features.edit_actions import default_insertion, ignore_insertion
from huldra.lsp.desk import Desk
from huldra.lsp.documents import Asked
from huldra.lsp.edits import document_edit
from huldra.lsp.extensions import ACTION_KIND, EDITING
from huldra.lsp.json_objects import as_mapping
from huldra.lsp.targets import command_of


async def answer(desk: Desk, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    """Return the actions for a range, as far as the editor asks for such."""
    asked = await desk.asked(params.text_document.uri)
    only = params.context.only
    kinds = None if only is None else [str(getattr(kind, "value", kind)) for kind in only]
    if asked is None:
        return None
    found: list[types.CodeAction] = []
    if _is_asked(ACTION_KIND, kinds):
        found += (
            action
            for command, action in _commands(asked, params.range)
            if desk.client.takes_edits or command not in EDITING
        )
    if _is_asked(types.CodeActionKind.QuickFix.value, kinds):
        found += _edits(desk, asked, params)
    return found or None


def _is_asked(kind: str, only: list[str] | None) -> bool:
    return only is None or any(wished in {"", kind} or kind.startswith(f"{wished}.") for wished in only)


def _commands(asked: Asked, place: types.Range) -> Iterator[tuple[str, types.CodeAction]]:
    start, end = asked.point(place.start), asked.point(place.end)
    if start is None or end is None:
        return
    standing = asked.standing(place.start)
    view, now, is_as_read = asked.view, datetime.now(UTC), asked.positions.as_read(asked.name)
    for action in actions_at(view, asked.name, start.line, end.line, now, standing, start.column, is_as_read):
        command = command_of(action.title, action.command, action.target, asked, action.values)
        yield action.command, types.CodeAction(action.title, ACTION_KIND, command=command)


def _edits(desk: Desk, asked: Asked, params: types.CodeActionParams) -> Iterator[types.CodeAction]:
    seen: set[str] = set()
    for diagnostic in params.context.diagnostics:
        code, lines = diagnostic.code, (diagnostic.range.start.line + 1, diagnostic.range.end.line + 1)
        if diagnostic.source != "huldra" or not isinstance(code, str) or not asked.name.endswith(".py"):
            continue
        fields = as_mapping(diagnostic.data) if diagnostic.data is not None else None
        class_name = str((fields or {}).get("class") or "")
        if class_name:
            yield from _ignored_runs(desk, asked, class_name, code, diagnostic)
            continue
        found = ignore_insertion(asked.text, asked.name, *lines, code)
        if found is not None and found.title not in seen:
            seen.add(found.title)
            place = asked.positions.lines(asked.name).range(found.place)
            yield _edit(desk, asked.uri, found.title, types.TextEdit(place, found.text), [diagnostic])
    standing = asked.standing(params.range.start)
    is_there = standing is not None and asked.positions.as_read(asked.name)(standing.place)
    default = default_insertion(asked.view, standing) if is_there else None
    place = None if default is None else asked.range(default.place)
    if default is not None and place is not None:
        yield _edit(desk, asked.uri, default.title, types.TextEdit(place, default.text), None)


def _ignored_runs(
    desk: Desk, asked: Asked, class_name: str, code: str, diagnostic: types.Diagnostic
) -> Iterator[types.CodeAction]:
    """What is said of a class's runs is silenced at the class, wherever it is said."""
    info = asked.view.class_info(class_name)
    text = None if info is None else asked.view.text(info.name_place.file)
    if info is None or text is None:
        return
    file, line = info.name_place.file, info.name_place.line
    found = ignore_insertion(text, file, line, line, code)
    place = None if found is None else asked.positions.range(found.place)
    if found is not None and place is not None:
        title = f"Ignore {code} for all runs of {asked.view.names.get(class_name, class_name)}"
        yield _edit(desk, asked.positions.uri_of(file), title, types.TextEdit(place, found.text), [diagnostic])


def _edit(
    desk: Desk, uri: str, title: str, edit: types.TextEdit, diagnostics: list[types.Diagnostic] | None
) -> types.CodeAction:
    return types.CodeAction(title, types.CodeActionKind.QuickFix, diagnostics, edit=document_edit(desk, {uri: [edit]}))
