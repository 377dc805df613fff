"""What is analysed of the files that an editor holds: texts with room to grow, broken statements as they last were.

Used by one thread at a time. Knows texts by name, and no disk.
"""

from collections.abc import Callable, Collection, Mapping

from msgspec import Struct

from huldra.analysis.alignment import Alignment, LineShift
from huldra.analysis.held_texts import FileText, HeldTexts
from huldra.analysis.last_good import MendedText, mend_text
from huldra.analysis.line_alignment import edits_by_line
from huldra.analysis.shown_places import ShownPlaces
from huldra.analysis.spacing import SpacedText, space_out
from huldra.facts.collect import normal_text
from huldra.facts.pieces import PieceText
from huldra.facts.statements import PieceFacts
from huldra.project.places import Origin
from huldra.project.problems import Problem


class ArrangedTexts(Struct, frozen=True):
    """What to analyse, and how it leads to what people see; `broken` is what is wrong there, at its places there."""

    files: dict[str, FileText]
    broken: list[Problem] = []
    alignments: dict[str, Alignment] = {}
    spacing: dict[str, LineShift] = {}
    shown: dict[str, str] = {}

    @property
    def places(self) -> ShownPlaces:
        """What leads from places of what is analysed to those that people see."""
        return ShownPlaces(self.shown, self.alignments, self.spacing)


class EditedFiles:
    """Which files have been given room, and what last could be read of those in buffers."""

    def __init__(
        self,
        facts_of: Callable[[str], PieceFacts],
        split: Callable[[str], tuple[PieceText, ...]],
        look: Callable[[str], FileText],
    ) -> None:
        self._facts_of = facts_of
        self._split = split
        self._look = look
        self._analysed: dict[str, FileText] = {}
        self._roomy: set[str] = set()
        self._spaced: dict[str, SpacedText] = {}
        self._mended: dict[str, MendedText] = {}

    def give_room(self, names: Collection[str]) -> None:
        """Effect: from now on, let the statements of these files keep their lines while others grow and shrink."""
        self._roomy.update(names)

    def has_room(self, name: str) -> bool:
        """Return whether a file's statements keep their lines."""
        return name in self._roomy

    def forget_looks(self) -> None:
        """Effect: look through what is analysed again: other words are sought."""
        self._analysed.clear()

    def keep(self, names: Collection[str]) -> None:
        """Effect: forget files that are not there any more."""
        self._roomy.intersection_update(names)
        self._spaced = {name: spaced for name, spaced in self._spaced.items() if name in self._roomy}

    def arrange(self, texts: HeldTexts, problems: Mapping[str, Problem], buffers: Mapping[str, str]) -> ArrangedTexts:
        """Return what to analyse.

        Broken statements are mended in buffers only: a file is what it says.

        Args:
            texts: The texts of all files that have one, buffers included.
            problems: Why others have none.
            buffers: The texts that an editor holds, of files or of what is none.
        """
        found = ArrangedTexts(dict(texts.files))
        self._analysed = {name: file for name, file in self._analysed.items() if name in buffers or name in self._roomy}
        self._mended = {name: mended for name, mended in self._mended.items() if name in buffers}
        for name in sorted(name for name in {*buffers, *self._roomy} if name in texts or name in problems):
            last = self._mended.get(name)
            if name in texts:
                self._arrange(found, name, normal_text(texts[name]), is_mended=name in buffers)
            elif last is not None:
                # Not even text: all of the file is as it last was.
                present = normal_text(buffers[name])
                found.broken.append(problems[name])
                self._put(found, name, last.text, present)
                found.alignments[name] = Alignment(edits_by_line(last.text, present))
        return found

    def _put(self, found: ArrangedTexts, name: str, analysed: str, present: str) -> None:
        last = self._analysed.get(name)
        self._analysed[name] = file = last if last is not None and last.text == analysed else self._look(analysed)
        found.files[name], found.shown[name] = file, present

    def _arrange(self, found: ArrangedTexts, name: str, present: str, *, is_mended: bool) -> None:
        analysed, alignment, spacing = present, Alignment(), Alignment()
        shift: LineShift | None = None
        if name in self._roomy:
            spaced = self._spaced[name] = space_out(present, self._spaced.get(name), self._split)
            analysed, shift = spaced.text, spaced.without_room()
            spacing = Alignment((shift,))
        if is_mended:
            mended = self._mended[name] = mend_text(analysed, self._mended.get(name), self._facts_of, self._split)
            analysed, alignment = mended.text, mended.alignment()
            for piece in mended.replaced:
                place = Origin(name, piece.first_line).place(piece.problem.at)
                place = spacing.forwards(place) or place
                found.broken.append(Problem(place, "HUL001", "error", piece.problem.message))
        if analysed != present:
            self._put(found, name, analysed, present)
            found.alignments[name] = alignment.then(spacing.edits)
            if shift is not None:
                found.spacing[name] = shift
