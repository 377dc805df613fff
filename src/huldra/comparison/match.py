"""Which stored run is which experiment: by hash first, since a recorded config is lossy."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from msgspec.structs import replace

from huldra.experiments.model import DynamicSite, Experiment, Experiments
from huldra.formats.config_documents import config_document, value_document
from huldra.formats.config_values import (
    ConfigValue,
    DictValue,
    ListValue,
    SetValue,
    TupleValue,
    Value,
    child_values,
    is_flat,
)
from huldra.formats.json_values import JsonObject, JsonValue
from huldra.project.link import Project
from huldra.stored_runs.model import StoredRun, StoredStore, UnreadableRun, run_at
from huldra.stored_runs.roots import Root

_NOT_FOLLOWED = "HUL003"


def run_key(run: StoredRun | UnreadableRun) -> str:
    """Return `class/hash` of a run, as its directory says."""
    return f"{run.class_name}/{run.hash}"


def run_paths(key: str, roots: Iterable[Root]) -> tuple[str, ...]:
    """Return where the runs with a `class/hash` may lie, in the order of the folders."""
    name, _, digest = key.rpartition("/")
    return tuple(f"{directory}{digest}" for directory in class_directories(name, roots))


def class_directories(name: str, roots: Iterable[Root]) -> tuple[str, ...]:
    """Return where the runs of a class may lie, in the order of the folders, each with a slash at its end."""
    return tuple(f"{root.path}/{name.replace('.', '/')}/" for root in roots)


def document_text(document: JsonValue) -> str:
    """Return a document as one comparable text."""
    return json.dumps(document, sort_keys=True)


class StoredConfigs:
    """The runs of a store, found by key, by class, or by config. Only those asked for are read.

    Where several stores are looked at, what is asked for from a run is sought in its own store first, then in the one
    that the runtime uses, then in the others.

    Args:
        runs: The runs, sorted by path.
        stores: The names of the stores that they lie in; the one that the runtime uses, which has none, is the first.
    """

    def __init__(self, runs: Iterable[StoredRun], stores: tuple[str, ...] = ("",)) -> None:
        self.runs = tuple(runs)
        self._stores = stores
        self._documents: dict[str, dict[tuple[str, str], StoredRun]] = {}
        self._asked_for: set[str] = set()

    def after(self, runs: Iterable[StoredRun], gone: Iterable[StoredRun], come: Iterable[StoredRun]) -> "StoredConfigs":
        """Return those of another state of the store; what was read of this one is not read again.

        Args:
            runs: All runs of that state.
            gone: Those of this state that are not among them.
            come: Those among them that are not in this state.
        """
        now = StoredConfigs(runs, self._stores)
        instead = {run.path: run for run in come}
        touched = {run.config_class for run in (*gone, *come)} & self._documents.keys()
        now._asked_for = set(self._asked_for)
        now._documents = {name: known for name, known in self._documents.items() if name not in touched}
        for name in touched:
            known = dict(self._documents[name])
            lost = [run for run in gone if run.config_class == name]
            if all(_replace(known, run, instead.get(run.path)) for run in lost):
                for run in come:
                    if run.config_class == name:
                        _add(known, run)
                now._documents[name] = known
        return now

    def is_asked_for(self, class_name: str) -> bool:
        """Return whether `find` was asked for a config of a class."""
        return class_name in self._asked_for

    def with_key(self, key: str, store: str = "") -> StoredRun | None:
        """Return the run with a `class/hash`, as seen from a store; of two of its folders the last in path order."""
        for each in dict.fromkeys((store, *self._stores)):
            found = self._by_key.get(each, {}).get(key)
            if found is not None:
                return found
        return None

    def has_own(self, key: str) -> bool:
        """Return whether the store that the runtime uses has a run with a `class/hash`."""
        return key in self._by_key.get("", {})

    def has_path(self, path: str) -> bool:
        """Return whether a run lies at a path below the store."""
        return run_at(self.runs, path) is not None

    @cached_property
    def _by_key(self) -> Mapping[str, Mapping[str, StoredRun]]:
        if len(self._stores) == 1:
            return {self._stores[0]: {run_key(run): run for run in self.runs}}
        found: dict[str, dict[str, StoredRun]] = {}
        for run in self.runs:
            found.setdefault(run.store, {})[run_key(run)] = run
        return found

    def of_class(self, name: str) -> tuple[StoredRun, ...]:
        """Return the runs that lie where those of a class do."""
        return tuple(self._by_class.get(name, ()))

    @cached_property
    def _by_class(self) -> Mapping[str, list[StoredRun]]:
        found: dict[str, list[StoredRun]] = {}
        for run in self.runs:
            found.setdefault(run.class_name, []).append(run)
        return found

    @cached_property
    def _by_config_class(self) -> Mapping[str, list[StoredRun]]:
        found: dict[str, list[StoredRun]] = {}
        for run in self.runs:
            found.setdefault(run.config_class, []).append(run)
        return found

    def find(self, config: ConfigValue, store: str = "") -> StoredRun | None:
        """Return the run whose record holds this very document, as seen from a store; None for no run.

        Equal configs leave equal documents.
        """
        documents = self._documents_of(config.class_name)
        if not documents:
            return None
        text = document_text(config_document(config))
        for each in dict.fromkeys((store, *self._stores)):
            if (each, text) in documents:
                return documents[each, text]
        return None

    def find_in_each(self, config: ConfigValue) -> Iterator[StoredRun]:
        """Yield the run of each store whose record holds this very document."""
        documents = self._documents_of(config.class_name)
        if documents:
            text = document_text(config_document(config))
            yield from (documents[each, text] for each in self._stores if (each, text) in documents)

    def _documents_of(self, name: str) -> Mapping[tuple[str, str], StoredRun]:
        if name not in self._documents:
            documents: dict[tuple[str, str], StoredRun] = {}
            for run in self._by_config_class.get(name, ()):
                if run.config is not None:
                    documents.setdefault(_place_of(run, run.config), run)
            self._documents[name] = documents
            self._asked_for.add(name)
        return self._documents[name]


def configs_of(store: StoredStore) -> StoredConfigs:
    """Return the runs of a store to be found."""
    return StoredConfigs(store.runs, tuple(dict.fromkeys(root.store for root in store.roots)))


def _place_of(run: StoredRun, config: ConfigValue) -> tuple[str, str]:
    return run.store, document_text(config_document(config))


def _replace(known: dict[tuple[str, str], StoredRun], run: StoredRun, now: StoredRun | None) -> bool:
    """Effect: put what a run is now in its place. Return False where another run of the same config may be next."""
    if run.config is None:
        return True
    place = _place_of(run, run.config)
    if known.get(place) is not run:
        return True
    if now is None or now.config != run.config:
        return False
    known[place] = now
    return True


def _add(known: dict[tuple[str, str], StoredRun], run: StoredRun) -> None:
    if run.config is not None:
        place = _place_of(run, run.config)
        known[place] = min(known.get(place, run), run, key=lambda each: each.path)


class BuiltConfigs:
    """Finds an experiment of today's code by the document that would be recorded of it."""

    def __init__(self, experiments: Experiments) -> None:
        self._experiments = experiments
        self._of_class: dict[str, dict[str, Experiment]] = {}
        self._flat: dict[str, set[frozenset[tuple[str, JsonValue]]]] = {}

    def find(self, config: ConfigValue) -> Experiment | None:
        """Return the experiment of the class whose record would equal this one; None when code builds none."""
        name = config.class_name
        if name not in self._of_class:
            self._fill(name)
        if is_flat(config) and not self.may_find(name, config_document(config)):
            return None
        built = self._of_class[name]
        return built.get(document_text(config_document(config))) if built else None

    def may_find(self, name: str, document: JsonObject) -> bool:
        """Return whether some experiment of a class may be recorded so; the document holds nothing but plain scalars.

        Equal texts are of equal values; of very many documents, to make their texts costs more than all else.
        """
        if name not in self._flat:
            self._fill(name)
        return frozenset(document.items()) in self._flat[name]

    def _fill(self, name: str) -> None:
        found = [built for built in self._experiments.by_key.values() if built.config.class_name == name]
        documents = [config_document(built.config) for built in found]
        self._of_class[name] = {
            document_text(document): built for document, built in zip(documents, found, strict=True)
        }
        # What is recorded of a value that is no plain scalar may well be one.
        self._flat[name] = {
            frozenset(document.items()) for document in documents if not any(map(_holds_more, document.values()))
        }


def _holds_more(value: JsonValue) -> bool:
    return isinstance(value, list | dict)


def nested_configs(value: Value, path: str = "") -> Iterable[tuple[str, ConfigValue]]:
    """Yield every config inside a value, outermost first, with the path that leads to it."""
    if isinstance(value, ConfigValue) and is_flat(value):
        return
    for step, child in child_values(value):
        full = step if not path else f"{path}{step}" if step.startswith("[") else f"{path}.{step}"
        if isinstance(child, ConfigValue):
            yield full, child
        yield from nested_configs(child, full)


def matches_of(site: DynamicSite, stored: StoredConfigs) -> tuple[str, ...]:
    """Return the runs that a dynamic site could have built: of its class, and equal in every field that is known."""
    known = {name: _public_text(value) for name, value in site.known if not name.startswith("_")}
    return tuple(sorted(run_key(run) for run in stored.of_class(site.class_name) if _agrees(run.config, known)))


def _agrees(config: ConfigValue | None, known: Mapping[str, str]) -> bool:
    if config is None:
        return True
    stored = {name: _public_text(value) for name, value in config.fields if name in known}
    return all(stored.get(name, text) == text for name, text in known.items())


def _public_text(value: Value) -> str:
    return document_text(value_document(_public(value)))


def _public(value: Value) -> Value:
    """Return a value without what its configs hold in private: the hash leaves it out, at any depth."""
    match value:
        case ConfigValue(fields=fields):
            public = tuple((name, _public(held)) for name, held in fields if not name.startswith("_"))
            return replace(value, fields=public)
        case ListValue(items=items) | TupleValue(items=items) | SetValue(items=items):
            return replace(value, items=tuple(map(_public, items)))
        case DictValue(items):
            return replace(value, items=tuple((key, _public(held)) for key, held in items))
        case _:
            return value


def matches_after(
    site: DynamicSite, before: tuple[str, ...], gone: Iterable[StoredRun], come: Iterable[StoredRun]
) -> tuple[str, ...]:
    """Return the runs that a dynamic site could have built, from those before some went and others came."""
    lost, new = matches_of(site, StoredConfigs(gone)), matches_of(site, StoredConfigs(come))
    if lost == new:
        return before
    return tuple(sorted((Counter(before) - Counter(lost) + Counter(new)).elements()))


def sees_all(project: Project, experiments: Experiments) -> bool:
    """Whether all code that may build experiments could be read and followed: else a run may well be built by some."""
    are_whole = all(project.facts[file].is_whole for file in project.relevant)
    return are_whole and not any(problem.code == _NOT_FOLLOWED for problem in experiments.problems)


def possibly_built(
    experiments: Experiments, dynamic_matches: Iterable[tuple[str, ...]], stored: StoredConfigs
) -> frozenset[str]:
    """Return the keys of all runs that code builds or could build, those that they hold included."""
    reached: set[str] = set(experiments.by_key)
    queue = [key for keys in dynamic_matches for key in keys if key not in reached]
    while queue:
        key = queue.pop()
        if key in reached:
            continue
        reached.add(key)
        run = stored.with_key(key)
        config = None if run is None else run.config
        for _, nested in () if config is None else nested_configs(config):
            found = stored.find(nested)
            if found is not None:
                queue.append(run_key(found))
    return frozenset(reached)
