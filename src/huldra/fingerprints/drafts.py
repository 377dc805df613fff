"""A definition while its closure is being built."""

from msgspec import Struct
from msgspec.structs import replace

from huldra.fingerprints.describe import Described
from huldra.fingerprints.model import Compiled, Definition, Reference
from huldra.fingerprints.resolve import Node


class Draft(Struct):
    """A definition to which what it refers to is added as it is found; `members` are the names that it refers to so."""

    node: Node
    described: Described
    references: list[Reference] = []
    members: set[str] = set()
    compiled: dict[Compiled, None] = {}

    def _keywords(self) -> frozenset[str]:
        """Return the names by which calls pass arguments of which it is not known what gets them."""
        form = self.described.form
        slots = {reference.slot: reference.passed for reference in self.references if reference.slot >= 0}
        known = {form.mentions[slot].at for slot, passed in slots.items() if passed is not None}
        open_calls = (names for at, names in form.uses.passed.items() if at not in known)
        anywhere = frozenset(name for names in form.uses.passed.values() for name in names)
        return (form.keywords - anywhere) | (form.keywords & frozenset().union(*open_calls))

    def definition(self, *, runs_code: bool) -> Definition:
        """Return what was found; `runs_code`: something in the closure runs code that a text names."""
        described, form = self.described, self.described.form
        named = (m for m in form.files if not m.is_run or (runs_code and not m.text.endswith(".py")))
        return Definition(
            name=described.name,
            kind=described.kind,
            file=described.file,
            line=described.line,
            end_line=described.end_line,
            form=form.digest,
            parameters=form.parameters,
            keywords=tuple(sorted(self._keywords())),
            references=tuple(map(self._with_key, self.references)),
            texts=tuple((mention.text, described.first_line + mention.at[0]) for mention in named),
            compiled=tuple(self.compiled),
            given=form.uses.given,
            entries=form.entries,
        )

    def _with_key(self, reference: Reference) -> Reference:
        form = self.described.form
        if reference.slot < 0 or not form.uses.keys or reference.rest not in {"", "get"}:
            return reference
        key = form.uses.keys.get(form.mentions[reference.slot].at)
        return reference if key is None else replace(reference, key=key)
