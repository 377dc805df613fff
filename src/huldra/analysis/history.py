"""The code that runs were made with, one state for each distinct one. Nothing is read before it is asked for."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from msgspec.structs import replace

from huldra.analysis.code_then import CodeThen
from huldra.analysis.data_content import DataThen, IsOurs
from huldra.analysis.disk_cache import DiskCache
from huldra.analysis.kept import Kept
from huldra.analysis.kept_states import KeptState
from huldra.analysis.program import program_name
from huldra.analysis.written_names import WrittenNames
from huldra.comparison.code_reasons import NoCode
from huldra.facts.collect import collect_facts
from huldra.facts.statements import FileFacts, SyntaxProblem
from huldra.fingerprints.code import Code
from huldra.fingerprints.states import CodeState, ComputedState, StateWithData
from huldra.project.modules import ModuleTable, build_module_table
from huldra.sources.code_files import FilesThen, NoFilesThen
from huldra.sources.documents import Document
from huldra.stored_runs.code_record import clean_commit
from huldra.stored_runs.model import StoredRun

RootsOf = Callable[[tuple[str, ...]], tuple[str, ...]]
"""Gives the import roots of a project that has these files."""
_Known = tuple[str, tuple[str, ...]]
"""Which files they are, and why they may not be all that a run was made with."""


class CodeHistory:
    """Gives the code of each run. Used by one thread at a time.

    Args:
        files_of: Finds the files that a run was made with.
        is_elsewhere: Tells whether a commit is certainly none of the project's.
        select: Leaves out of a state what does not belong to the project.
        is_ours: Tells which files that are no code belong to the project.
        roots_of: Finds the import roots of a list of files.
        extra_bases: Classes outside the project that count as experiment base classes.
        ignored_calls: Patterns of calls whose arguments do not count.
        kept: Facts by the text of a piece.
        cache: Where answers are kept.
        compiled: What stands in no package of the project, and is compiled today.
    """

    def __init__(
        self,
        files_of: CodeThen,
        is_elsewhere: Callable[[str], bool],
        select: Callable[[FilesThen], FilesThen],
        is_ours: IsOurs,
        roots_of: RootsOf,
        extra_bases: frozenset[str],
        ignored_calls: tuple[str, ...],
        kept: Kept,
        cache: DiskCache,
        compiled: frozenset[str],
    ) -> None:
        self._compiled = compiled
        self._files_of = files_of
        self._is_elsewhere = is_elsewhere
        self._elsewhere: dict[str, bool] = {}
        self._select = select
        self._is_ours = is_ours
        self._roots_of = roots_of
        self._extra_bases = extra_bases
        self._ignored = ignored_calls
        self._kept = kept
        self._cache = cache
        self._states: dict[_Known, KeptState] = {}
        self._computed: dict[str, CodeState] = {}
        self._with_data: dict[tuple[_Known, str], StateWithData] = {}
        self._facts: dict[str, FileFacts] = {}
        self._written = WrittenNames(cache, lambda: hashlib.blake2b(program_name().encode(), digest_size=20).digest())
        self._modules: dict[tuple[str, ...], ModuleTable] = {}
        self._of_commit: dict[str, CodeState | NoCode] = {}
        self._of_run: dict[int, tuple[StoredRun, CodeState | NoCode]] = {}

    def __call__(self, run: StoredRun) -> CodeState | NoCode:
        """Return the code of a run, or why it cannot be had; a run that is the very same has the code that it had."""
        known = self._of_run.get(id(run))
        if known is not None:
            return known[1]
        commit = clean_commit(run)
        if commit is not None:  # of very many runs nearly all: they are known by it
            if commit not in self._of_commit:
                self._of_commit[commit] = self._found(run)
            return self._of_commit[commit]
        # The run is kept with the answer, so that its id stays its own.
        found = self._found(run)
        self._of_run[id(run)] = (run, found)
        return found

    def is_of_elsewhere(self, run: StoredRun) -> bool:
        """Return whether a run was made at a commit that is none of the project's."""
        commit = None if run.provenance is None else run.provenance.commit
        if commit is None:
            return False
        if commit not in self._elsewhere:
            self._elsewhere[commit] = self._is_elsewhere(commit)
        return self._elsewhere[commit]

    def keep(self, runs: Iterable[StoredRun]) -> None:
        """Effect: forget other runs, once they are as many."""
        runs = tuple(runs)
        if len(self._of_run) <= 2 * len(runs) + 100:
            return
        kept = {id(run) for run in runs}
        self._of_run = {key: known for key, known in self._of_run.items() if key in kept}

    def _found(self, run: StoredRun) -> CodeState | NoCode:
        files = self._files_of(run)
        if isinstance(files, NoFilesThen):
            return NoCode(files.message)
        # Of the same files more may be known of one run than of another: whether they are all that it was made with.
        known = (files.identity, files.doubts)
        if known not in self._states:
            self._states[known] = self._state(files)
        key = (known, files.others.identity)
        if key not in self._with_data:
            data = DataThen(files.others, self._is_ours, self._cache)
            self._with_data[key] = StateWithData(self._states[known], data, files.others.identity)
        return self._with_data[key]

    def text(self, run: StoredRun, name: str) -> str | None:
        """Return the text of a file as a run was made with it; None where it cannot be had."""
        files = self._files_of(run)
        if isinstance(files, NoFilesThen):
            return None
        if name not in files.files:
            return DataThen(files.others, self._is_ours).text(name)
        reading = files.read(name)
        return reading.text if isinstance(reading, Document) else None

    def recorded(self) -> Iterator[StoredRun]:
        """Yield the runs whose code was asked for and is more, or less, than a commit: for it their files were read."""
        yield from (run for run, _ in self._of_run.values())

    def save(self) -> None:
        """Effect: write down what was computed, for the next process."""
        self._files_of.save()
        self._written.save()
        self._cache.save()
        self._kept.save()

    @cached_property
    def _settings(self) -> str:
        return repr((self._roots_of(()), sorted(self._extra_bases), sorted(self._compiled), program_name()))

    def _state(self, files: FilesThen) -> KeptState:
        identity = hashlib.blake2b(f"{files.identity} {self._settings}".encode(), digest_size=20).hexdigest()
        return KeptState(identity, files.doubts, self._ignored, self._cache, lambda: self._compute(identity, files))

    def _compute(self, identity: str, state: FilesThen) -> CodeState:
        if identity not in self._computed:
            self._computed[identity] = self._built(identity, state)
        return self._computed[identity]

    def _built(self, identity: str, state: FilesThen) -> CodeState:
        files = self._select(state)
        names = tuple(sorted(files.files))
        modules = self._modules.get(names)  # few commits add a file, or take one away
        if modules is None:
            modules = replace(build_module_table(names, self._roots_of(names)), compiled=self._compiled)
            self._modules = {names: modules}
        facts = FactsThen(files, self._kept, self._facts, self._written)
        code = Code(modules, facts, self._extra_bases, facts.naming, facts.writing)
        return ComputedState(identity, code, self._ignored)


class FactsThen(Mapping[str, FileFacts]):
    """The facts of files as they were, computed when they are first asked for: a closure reaches few of them.

    `by_content` and `written` (what each content sets elsewhere) are shared by all states, since most files are the
    same in many of them.
    """

    def __init__(self, files: FilesThen, kept: Kept, by_content: dict[str, FileFacts], written: WrittenNames) -> None:
        self._files = files
        self._kept = kept
        self._by_content = by_content
        self._written = written

    def __getitem__(self, name: str) -> FileFacts:
        content = self._files.files[name]
        if content not in self._by_content:
            self._by_content[content] = self._collected(name)
        return self._by_content[content]

    def _collected(self, name: str) -> FileFacts:
        match self._files.read(name):
            case Document(text=text):
                return collect_facts(text, self._kept.piece_facts)
            case reading:
                return FileFacts((), SyntaxProblem(reading.reason, (0, 0, 0, 1)))

    def naming(self, word: str) -> Iterator[str]:
        """Yield the files that hold a word; reads them all."""
        for name in self._files.files:
            reading = self._files.read(name)
            if isinstance(reading, Document) and word in reading.text:
                yield name

    def writing(self, word: str) -> Sequence[str]:
        """Return the files that may set an attribute of that name elsewhere when they are imported; reads them all."""
        return self._writing.get(word, ())

    @cached_property
    def _writing(self) -> Mapping[str, Sequence[str]]:
        return self._written.by_name(self._files)

    def __iter__(self) -> Iterator[str]:
        return iter(self._files.files)

    def __len__(self) -> int:
        return len(self._files.files)
