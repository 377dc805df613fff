"""What new code would build, before it is written, for an editor's wizard."""

from pygls.exceptions import JsonRpcInvalidParams

from huldra.exports.editor_json import preview_object
from huldra.lsp.desk import Desk
from huldra.lsp.targets import read_argument
from huldra.lsp.writing import plan, read_order
from huldra.plans.values_in_code import NotWritable


async def answer(desk: Desk, params: object) -> dict[str, object]:
    """Return `{code, imports, file, new, experiments, problems}` for `{uri, class, values, into, name}`.

    What cannot be written has no code, and says why in `problems`.
    """
    argument = read_argument(params)
    positions = None if argument is None else await desk.positions_of(argument.uri)
    if argument is None or positions is None:
        raise JsonRpcInvalidParams("huldra/preview takes uri and class of an open project, and values")
    planned = await plan(desk, positions, read_order(argument.fields))
    if isinstance(planned, NotWritable):
        return {"code": "", "imports": [], "file": "", "new": False, "experiments": [], "problems": [planned.message]}
    return preview_object(planned.code, planned.preview)
