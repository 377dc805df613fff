"""The editor asks for what is to be underlined."""

import hashlib

from lsprotocol import types

from huldra.lsp.desk import Desk
from huldra.lsp.diagnostics import diagnostics_of

_PATIENCE_SECONDS = 2.0


async def answer(desk: Desk, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    """Return the findings of a document; `unchanged` if they are those that the editor has."""
    await desk.settle(_PATIENCE_SECONDS)
    asked = await desk.asked(params.text_document.uri)
    found = [] if asked is None else diagnostics_of(asked.positions, asked.name)
    result_id = hashlib.blake2b(repr(found).encode(), digest_size=8).hexdigest()
    if params.previous_result_id == result_id:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id)
    return types.RelatedFullDocumentDiagnosticReport(found, result_id=result_id)
