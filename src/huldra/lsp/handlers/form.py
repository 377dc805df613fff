"""What a new experiment of a class can be made of, for an editor's wizard."""

from pygls.exceptions import JsonRpcInvalidParams

from huldra.exports.editor_json import form_object
from huldra.features.new_experiment import NOTHING, form_for, values_of
from huldra.lsp.desk import Desk
from huldra.lsp.targets import read_argument
from huldra.lsp.writing import class_there


async def answer(desk: Desk, params: object) -> dict[str, object]:
    """Return `{class, short, root, home, fields}` for `{uri, class, hash}`; `value` is what the hash holds."""
    argument = read_argument(params)
    positions = None if argument is None else await desk.positions_of(argument.uri)
    if argument is None or positions is None:
        raise JsonRpcInvalidParams("huldra/form takes uri and class of an open project, and perhaps hash")
    view, row = positions.published.view, class_there(positions, argument.target.class_name)
    key = None if argument.target.key is None else f"{row.name}/{argument.target.digest}"
    if key is not None and key not in view.experiments and key not in view.runs:
        raise JsonRpcInvalidParams(f"no code builds {key}, and there is no run of it")
    values = NOTHING if key is None else values_of(view, row, key)
    return form_object(form_for(view, row), view.names.get(row.name, row.name), positions.project.root.as_uri(), values)
