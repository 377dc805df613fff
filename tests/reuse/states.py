"""One state of a small project after another, by random edits of its text, and what they are to be compared by."""

import random
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from huldra.analysis.spacing import SpacedText, space_out
from huldra.facts.collect import collect_facts, collect_piece, normal_text
from huldra.facts.statements import FileFacts, PieceFacts
from huldra.project.link import Project, link_project, relink_project
from huldra.project.modules import build_module_table
from tests.mutation.random_edits import edited

_WORDS = ("x = 1", "pass", "# a comment", "import math", "y = [1, 2]", "def added():\n    return 1")


@dataclass(slots=True)
class Linked:
    """Links states as an editor does: what a file or statement says is the same object as long as its text is."""

    files: dict[str, tuple[str, FileFacts]] = field(default_factory=dict)
    pieces: dict[str, PieceFacts] = field(default_factory=dict)
    spaced: dict[str, SpacedText] = field(default_factory=dict)
    last: Project | None = None
    relinked: int = 0

    def project(self, texts: Mapping[str, str], aside: Collection[str] = ()) -> Project:
        """Return a state, linked from nothing; the files that stand aside see no experiment class."""
        facts = {name: self._facts(name, text) for name, text in texts.items()}
        roots = ["src", ""] if any(name.startswith("src/") for name in texts) else [""]
        return link_project(build_module_table(texts, roots), facts, tuple(sorted(facts.keys() - set(aside))))

    def with_room(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Return the texts of a state with room between their statements, as what is edited has it."""
        for name, text in texts.items():
            self.spaced[name] = space_out(normal_text(text), self.spaced.get(name))
        return {name: self.spaced[name].text for name in texts}

    def next_project(self, anew: Project) -> Project:
        """Return the same state as that linked from nothing, made of the last one where that can be."""
        last = self.last
        again = None
        if last is not None and last.modules == anew.modules:
            again = relink_project(last, anew.facts)
            self.relinked += again is not None and anew.facts != last.facts
        self.last = anew if again is None else again
        return self.last

    def _facts(self, name: str, text: str) -> FileFacts:
        if name not in self.files or self.files[name][0] != text:
            self.files[name] = (text, collect_facts(text, self._piece))
        return self.files[name][1]

    def _piece(self, text: str) -> PieceFacts:
        if text not in self.pieces:
            self.pieces[text] = collect_piece(text)
        return self.pieces[text]


def edits(texts: Mapping[str, str], chance: random.Random, count: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield so many states, each one edit from the last, with the edit in words; now and then one is taken back."""
    before: list[dict[str, str]] = []
    now = dict(texts)
    while count:
        name = chance.choice(sorted(now))
        words, text = _edit(now[name], chance)
        if before and chance.random() < 0.2:
            words, now = "taken back", before.pop()
        elif text == now[name]:
            continue
        else:
            before.append(now)
            now = {**now, name: text}
        count -= 1
        yield f"{name}: {words}", now


def _edit(text: str, chance: random.Random) -> tuple[str, str]:
    kind = chance.random()
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    if kind < 0.35:
        digits = [index for index, character in enumerate(text) if character.isdigit()]
        if digits:
            index = chance.choice(digits)
            return f"another digit at {index}", f"{text[:index]}{chance.randrange(1, 10)}{text[index + 1 :]}"
    if kind < 0.5:
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        added = [f"{indent}{line}" for line in chance.choice(_WORDS).split("\n")]
        return f"line {at + 1}: {added}", "\n".join([*lines[:at], *added, *lines[at:]])
    if kind < 0.6:
        return f"without line {at + 1}", "\n".join([*lines[:at], *lines[at + 1 :]])
    with suppress(SyntaxError, RecursionError):
        found = edited(text, chance)
        if found is not None:
            return found[1], found[0]
    return "nothing", text
