"""Verdict and short hash behind each site; off until the setting `inlayHints` asks for them."""

from lsprotocol import types

from huldra.features.run_words import verdict_words
from huldra.features.short_names import SHORT_HASH
from huldra.lsp.desk import Desk


async def answer(desk: Desk, params: types.InlayHintParams) -> list[types.InlayHint] | None:
    """Return the hints for the sites of one experiment in a range."""
    asked = await desk.asked(params.text_document.uri) if desk.client.setting("inlayHints") is True else None
    if asked is None:
        return None
    found: list[types.InlayHint] = []
    is_as_read = asked.positions.as_read(asked.name)
    for site in asked.view.sites.get(asked.name, ()):
        place = asked.range(site.place) if len(site.experiments) == 1 and is_as_read(site.place) else None
        if place is not None and params.range.start.line <= place.end.line <= params.range.end.line:
            row = site.experiments[0]
            label = f"{verdict_words(row.verdict)} {row.experiment.digest[:SHORT_HASH]}"
            found.append(types.InlayHint(place.end, label, padding_left=True))
    return found
