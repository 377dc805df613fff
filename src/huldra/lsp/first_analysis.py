"""How far the first analysis of the client's projects is, in the editor's own bar. Later ones are not shown."""

import asyncio
from functools import partial
from pathlib import Path

from huldra.lsp.client import Client

_PROGRESS = "huldra-first-analysis"


class FirstAnalysis:
    """Begins, goes on and ends in the editor's thread; `told` may be called from any."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._loop = asyncio.get_running_loop()
        self._beginning: asyncio.Task[bool] | None = None
        self._shares: dict[Path, float] = {}
        self._percent = 0

    def begin(self, roots: tuple[Path, ...]) -> None:
        """Effect: show that these projects are being read."""
        if roots:
            self._shares = dict.fromkeys(roots, 0.0)
            self._beginning = asyncio.ensure_future(
                self._client.begin_progress(_PROGRESS, "huldra: reading", percent=0)
            )

    def told(self, root: Path, words: str, share: float) -> None:
        """Effect: show what is being done for a project, and which share of it (0 to 1) is behind."""
        if self._beginning is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._report, root, words, share)

    def end(self) -> None:
        """Effect: show that all is done."""
        beginning, self._beginning = self._beginning, None
        if beginning is not None:
            beginning.add_done_callback(self._end)

    def _report(self, root: Path, words: str, share: float) -> None:
        if self._beginning is None or root not in self._shares:
            return
        self._shares[root] = share
        percent = int(100 * sum(self._shares.values()) / len(self._shares))
        if percent > self._percent:  # it never goes back, whatever is begun anew
            self._percent = percent
            self._beginning.add_done_callback(partial(self._show, words=words, percent=percent))

    def _show(self, beginning: "asyncio.Task[bool]", words: str, percent: int) -> None:
        if not beginning.cancelled() and beginning.result():
            self._client.report_progress(_PROGRESS, words, percent)

    def _end(self, beginning: "asyncio.Task[bool]") -> None:
        if not beginning.cancelled() and beginning.result():
            self._client.end_progress(_PROGRESS, "done")
