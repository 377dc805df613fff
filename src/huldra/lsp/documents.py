"""One document as a handler sees it: its project's last state, and positions there and in the buffer as it is now."""

from collections.abc import Callable, Iterable
from pathlib import Path

from lsprotocol import types
from msgspec import Struct
from msgspec.structs import replace
from pygls.uris import from_fs_path

from huldra.analysis.alignment import Alignment, Point, replacement
from huldra.analysis.shown_places import ShownPlaces
from huldra.facts.collect import normal_text
from huldra.features.project_view import ProjectView
from huldra.features.standing import Standing, standing_at, standing_in_text
from huldra.lsp.buffers import Buffers
from huldra.lsp.positions import Lines
from huldra.lsp.projects import OpenProject, Published
from huldra.project.places import Place

BEFORE = "before this edit"
"""Stands before what is said of a line that has been changed, and whose statement cannot be read."""


class Positions(Struct, frozen=True):
    """Places of one state, as positions in the buffers of now."""

    project: OpenProject
    published: Published
    buffers: Buffers

    def uri_of(self, name: str) -> str:
        """Return the URI of a file, spelled as the editor spells it."""
        return self.project.uris.get(name) or from_fs_path(str(self.project.shown_root / name)) or ""

    def alignment(self, name: str) -> Alignment:
        """Return how a file as it was analysed leads to what the editor holds of it now."""
        now = self.buffers.get(self.project.uris.get(name, ""))
        seen = self._seen_text(name)
        own = self._places.alignments.get(name, Alignment())
        if now is None or seen is None:
            return own
        captured = self.published.buffers.get(name)
        if captured is None:
            return own.then(replacement(normal_text(seen), normal_text(now.text)))
        return own.then(self.buffers.since(captured).edits)

    def lines(self, name: str) -> Lines:
        """Return the lines of a file as the editor has it, or as it was analysed."""
        found = self.buffers.lines(self.project.uris.get(name, ""))
        return found or Lines(self._seen_text(name) or "", self.buffers.encoding)

    @property
    def _places(self) -> ShownPlaces:
        return self.published.view.snapshot.inputs.places

    def _seen_text(self, name: str) -> str | None:
        """The text that the state was taken of, as its reader saw it."""
        return self._places.text(name, self.published.view.text)

    def range(self, place: Place) -> types.Range | None:
        """Return the range of a place; None where it has been edited away."""
        moved = self.alignment(place.file).forwards(place)
        return None if moved is None else self.lines(place.file).range(moved)

    def as_read(self, name: str) -> Callable[[Place], bool]:
        """Return what tells whether a place of a file says what was analysed: a broken statement may not."""
        return self._places.as_read(name, self.published.view.text)

    def lasting_range(self, place: Place) -> types.Range | None:
        """Return the range of a place, or of its first character if only what follows has been edited away."""
        first = replace(place, end_line=place.line, end_column=place.column + 1)
        return self.range(place) or self.range(first)

    def location(self, place: Place) -> types.Location | None:
        """Return where a place stands; None where it has been edited away."""
        found = self.range(place)
        return None if found is None else types.Location(self.uri_of(place.file), found)

    def locations(self, places: Iterable[Place]) -> list[types.Location]:
        """Return where places stand, without those that have been edited away."""
        found = (self.location(place) for place in places)
        return [location for location in found if location is not None]

    def later_range(self, place: Place) -> types.Range | None:
        """Return the range of a place that was given in the buffer's own positions when the state was taken."""
        captured = self.published.buffers.get(place.file)
        moved = place if captured is None else self.buffers.since(captured).forwards(place)
        return None if moved is None else self.lines(place.file).range(moved)


class Asked(Struct, frozen=True):
    """An open document that a request is about. `name` is root-relative."""

    positions: Positions
    uri: str
    name: str
    version: int
    text: str

    @property
    def view(self) -> ProjectView:
        """The last state."""
        return self.positions.published.view

    @property
    def root(self) -> Path:
        """The root of its project."""
        return self.positions.project.root

    def point(self, position: types.Position) -> Point | None:
        """Return the point that a position had when the file was analysed; None if it did not exist."""
        return self.positions.alignment(self.name).backwards(self.positions.lines(self.name).point(position))

    def standing(self, position: types.Position) -> Standing | None:
        """Return what stands at a position; in a document that is not analysed that can be a hash."""
        if self.view.text(self.name) is None:
            point = self.positions.lines(self.name).point(position)
            return standing_in_text(self.view, normal_text(self.text), self.name, point.line, point.column)
        point = self.point(position)
        return None if point is None else standing_at(self.view, self.name, point.line, point.column)

    def range(self, place: Place) -> types.Range | None:
        """Return the range of a place of this document; None where it has been edited away."""
        return self.positions.range(place)
