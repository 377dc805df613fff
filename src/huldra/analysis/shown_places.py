"""Where the places of a snapshot stand in the files and buffers that it was taken of, as their reader counts lines."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from huldra.analysis.alignment import Alignment, LineShift
from huldra.project.places import Place


class ShownPlaces(Struct, frozen=True):
    """What leads from analysed texts to those that people see; only where the two differ.

    Attributes:
        texts: What people see, by file; line ends are newlines.
        alignments: How what is analysed leads there, by file.
        spacing: The part of that which only takes blank lines out: every place of code has one there.
    """

    texts: Mapping[str, str] = {}
    alignments: Mapping[str, Alignment] = {}
    spacing: Mapping[str, LineShift] = {}

    def place(self, place: Place) -> Place:
        """Return where a place stands for its reader; for one that is being written anew, about there."""
        alignment = self.alignments.get(place.file)
        if alignment is None:
            return place
        spacing = self.spacing.get(place.file)
        return alignment.forwards(place) or (spacing and Alignment((spacing,)).forwards(place)) or place

    def is_as_written(self, file: str) -> bool:
        """Whether all of a file is analysed as it stands, and no broken statement as it last was."""
        alignment, spacing = self.alignments.get(file), self.spacing.get(file)
        return alignment is None or alignment.edits == (() if spacing is None else (spacing,))

    def as_read(self, file: str, analysed: Callable[[str], str | None]) -> Callable[[Place], bool]:
        """Return what tells whether a place of a file says there what was analysed: a broken statement may not.

        Args:
            file: The file.
            analysed: Gives the text that was analysed.
        """
        if self.is_as_written(file):
            return lambda _place: True
        alignment = self.alignments[file]
        old, new = (analysed(file) or "").split("\n"), (self.text(file, analysed) or "").split("\n")

        def tell(place: Place) -> bool:
            moved = alignment.forwards(place)
            return moved is not None and _text_at(old, place) == _text_at(new, moved)

        return tell

    def text(self, file: str, analysed: Callable[[str], str | None]) -> str | None:
        """Return the text of a file as its reader sees it."""
        return self.texts.get(file) if file in self.texts else analysed(file)


def _text_at(lines: list[str], place: Place) -> list[str]:
    """Return the lines of a place, without blank ones: those mean nothing, and there may be more of them."""
    found = lines[place.line - 1 : place.end_line]
    if found:
        found[-1] = found[-1][: place.end_column - 1]
        found[0] = found[0][place.column - 1 :]
    return [line for line in found if line.strip()]
