"""What one snapshot hands to the next, so that an edit costs what it changed. Holds facts and texts, no verdicts.

All of it follows from the texts alone: with an empty one every answer is the same, only later.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from huldra.analysis.kept_facts import KeptFacts
from huldra.analysis.scanned import Texts
from huldra.analysis.splitting import Splitter
from huldra.facts.collect import collect_facts, collect_piece, normal_text
from huldra.facts.scan import ImportMention
from huldra.facts.statements import FileFacts, PieceFacts
from huldra.project.link import Project, link_project, relink_project
from huldra.project.modules import ModuleTable

ChoiceInputs = tuple[ModuleTable, Sequence[str] | None, Mapping[str, tuple[ImportMention, ...]], tuple[str, ...]]
"""All modules, from where imports begin if that is said, what each file may import, and those that name the library."""
Choice = tuple[ModuleTable, tuple[str, ...]]
"""The modules with directories of scripts as import roots, and the files that can see an experiment class."""


class Cancelled(Exception):  # noqa: N818  not a fault: somebody wants a newer answer instead
    """The work was given up, for what it works on is out of date."""


class Kept:
    """Facts by the text of a piece, and what each file last said. Used by one thread at a time.

    `check` is called now and then while work goes on; it raises Cancelled to stop it. `disk` keeps facts across
    processes.
    """

    def __init__(self, check: Callable[[], None] | None = None, disk: KeptFacts | None = None) -> None:
        self._disk = disk
        self.cache = None if disk is None else disk.cache
        self.check: Callable[[], None] = check or (lambda: None)
        self._pieces: dict[str, PieceFacts] = {}
        self._older_pieces: dict[str, PieceFacts] = {}
        self._facts: dict[str, tuple[str, FileFacts]] = {}
        self.texts: Texts | None = None
        """Those of the state that was looked at last."""
        self._choice: tuple[ChoiceInputs, Choice] | None = None
        self._project: Project | None = None
        self._bases = frozenset[str]()
        self.split = Splitter().split

    def chosen(self, follows_from: ChoiceInputs, choose: Callable[[], Choice]) -> Choice:
        """Return what `choose` gives; it is only asked when what that follows from is not what it was the last time."""
        if self._choice is None or self._choice[0] != follows_from:
            self._choice = (follows_from, choose())
        return self._choice[1]

    def linked(
        self, facts: Mapping[str, FileFacts], modules: ModuleTable, relevant: tuple[str, ...], bases: frozenset[str]
    ) -> Project:
        """Return the linked project of a state; what an edit leaves as it was is taken from the state before."""
        project = None
        if self._project is not None and self._bases == bases:
            before = self._project
            if before.modules == modules and before.relevant == relevant:
                project = relink_project(before, facts)
        self._project = project or link_project(modules, facts, relevant, bases)
        self._bases = bases
        return self._project

    def facts(self, name: str, text: str) -> FileFacts:
        """Return what a file says; only the pieces that have changed are parsed."""
        kept = self._facts.get(name)
        if kept is None or (kept[0] is not text and kept[0] != text):
            self.check()
            self.recall(name)
            kept = self._facts[name] = (text, self._file_facts(text))
        return kept[1]

    def recall(self, name: str) -> None:
        """Effect: know the pieces of a file as it was last read, which is about to be edited, without parsing them."""
        text, facts = self._facts.get(name, ("", None))
        if facts is not None and facts.problem is None:
            for piece, known in zip(self.split(normal_text(text)), facts.pieces, strict=True):
                if known.facts.problem is None:
                    self._older_pieces[_without_blank_lines(piece.text)] = known.facts

    def look_up(self, texts: Mapping[str, str], names: Iterable[str]) -> None:
        """Effect: read what is kept on disk of files that are about to be asked for, all at once."""
        if self._disk is not None:
            new = (name for name in names if name not in self._facts or self._facts[name][0] != texts[name])
            self._disk.look_up([texts[name] for name in new])

    def knows(self, text: str) -> bool:
        """Whether a file's facts are kept on disk."""
        return self._disk is not None and self._disk.knows(text)

    def file_key(self, text: str) -> bytes | None:
        """Return what names a file's text on disk; None where nothing is kept there."""
        return None if self._disk is None else self._disk.file_key(text)

    def facts_of_key(self, key: bytes) -> FileFacts | None:
        """Return the facts of a text of which only that name is at hand; None where they are not kept."""
        return None if self._disk is None else self._disk.file_of_key(key)

    def piece_facts(self, text: str) -> PieceFacts:
        """Return the facts of a piece."""
        key = _without_blank_lines(text)
        found = self._pieces.get(key) or self._pieces.get(text)
        if found is None:
            self.check()
            found = self._older_pieces.get(key) or self._older_pieces.get(text) or self._new_piece(text)
            # What is wrong may be wrong at the end.
            self._pieces[key if found.problem is None else text] = found
        return found

    def save(self) -> None:
        """Effect: write down what was learned, for other processes."""
        if self._disk is not None:
            self._disk.save()

    def leave_disk(self) -> None:
        """Effect: write down what was learned, and from now on neither read nor keep anything across processes."""
        self.save()
        if self._disk is not None:
            self._disk.close()
        self._disk = self.cache = None

    def _file_facts(self, text: str) -> FileFacts:
        if self._disk is not None:
            return self._disk.file(text, self.piece_facts)
        return collect_facts(text, self.piece_facts, self.split)  # what is read later is what somebody edits

    def _new_piece(self, text: str) -> PieceFacts:
        return collect_piece(text) if self._disk is None else self._disk.piece(text, collect_piece)

    def forget_unused(self) -> None:
        """Effect: drop the pieces that nobody has asked for since this was last called."""
        self._older_pieces, self._pieces = self._pieces, {}

    def forget_files(self, names: frozenset[str]) -> None:
        """Effect: drop what is kept of files that are not there any more."""
        for name in self._facts.keys() - names:
            del self._facts[name]


def _without_blank_lines(text: str) -> str:
    """Return a piece without the blank lines after it, which say nothing: room is made for what is edited by these."""
    bare = text.rstrip("\n")
    return text if len(text) - len(bare) < 2 or bare.endswith("\\") else f"{bare}\n"


class LazyFacts(Mapping[str, FileFacts]):
    """The facts of files, computed when they are first asked for: most files of a large project never are."""

    def __init__(self, texts: Mapping[str, str], kept: Kept) -> None:
        self._texts = texts
        self._kept = kept
        self._facts: dict[str, FileFacts] = {}

    def asked_for(self) -> tuple[str, ...]:
        """Return the files whose facts have been asked for."""
        return tuple(self._facts)

    def text(self, name: str) -> str:
        """Return the text of a file."""
        return self._texts[name]

    def aside(self, name: str) -> FileFacts:
        """Return the facts of a file for somebody who only compares them, for whom nothing follows from them."""
        found = self._facts.get(name)
        if found is not None:
            return found
        texts = self._texts
        return self._kept.facts(name, texts.aside(name) if isinstance(texts, Texts) else texts[name])

    def key(self, name: str) -> bytes | None:
        """Return what names a file's text on disk; None where nothing is kept there."""
        return self._kept.file_key(self._texts[name])

    def of_key(self, key: bytes) -> FileFacts | None:
        """Return the facts of a text of which only that name is at hand; None where they are not kept."""
        return self._kept.facts_of_key(key)

    def __getitem__(self, name: str) -> FileFacts:
        if name not in self._facts:
            self._facts[name] = self._kept.facts(name, self._texts[name])
        return self._facts[name]

    def __contains__(self, name: object) -> bool:
        return name in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)
