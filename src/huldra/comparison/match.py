"""Which stored run is which experiment: by hash first, since a recorded config is lossy."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property

from huldra.experiments.model import DynamicSite, Experiment, Experiments
from huldra.formats.config_documents import config_document, value_document
from huldra.formats.config_values import ConfigValue, Value, child_values, is_flat
from huldra.formats.json_values import JsonObject, JsonValue
from huldra.stored_runs.find import ROOTS
from huldra.stored_runs.model import StoredRun, UnreadableRun

_ROOTS = tuple(sorted(ROOTS))


def run_key(run: StoredRun | UnreadableRun) -> str:
    """Return `class/hash` of a run, as its directory says."""
    return f"{run.class_name}/{run.hash}"


def run_paths(key: str) -> tuple[str, ...]:
    """Return where the runs with a `class/hash` may lie, in path order."""
    name, _, digest = key.rpartition("/")
    return tuple(f"{directory}{digest}" for directory in class_directories(name))


def class_directories(name: str) -> tuple[str, ...]:
    """Return where the runs of a class may lie, in path order, each with a slash at its end."""
    return tuple(f"{root}/{name.replace('.', '/')}/" for root in _ROOTS)


def document_text(document: JsonValue) -> str:
    """Return a document as one comparable text."""
    return json.dumps(document, sort_keys=True)


class StoredConfigs:
    """The runs of a store, found by key, by class, or by config. Only those asked for are read."""

    def __init__(self, runs: Iterable[StoredRun]) -> None:
        self.runs = tuple(runs)
        self._documents: dict[str, dict[str, StoredRun]] = {}
        self._asked_for: set[str] = set()

    def after(self, runs: Iterable[StoredRun], gone: Iterable[StoredRun], come: Iterable[StoredRun]) -> "StoredConfigs":
        """Return those of another state of the store; what was read of this one is not read again.

        Args:
            runs: All runs of that state.
            gone: Those of this state that are not among them.
            come: Those among them that are not in this state.
        """
        now = StoredConfigs(runs)
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

    @cached_property
    def by_key(self) -> Mapping[str, StoredRun]:
        """All runs by `class/hash`; of two roots the last in path order."""
        return {run_key(run): run for run in self.runs}

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

    def find(self, config: ConfigValue) -> StoredRun | None:
        """Return the run whose record holds this very document: equal configs leave equal ones; None for no run."""
        name = config.class_name
        if name not in self._documents:
            documents: dict[str, StoredRun] = {}
            for run in self._by_config_class.get(name, ()):
                if run.config is not None:
                    documents.setdefault(document_text(config_document(run.config)), run)
            self._documents[name] = documents
            self._asked_for.add(name)
        found = self._documents[name]
        return found.get(document_text(config_document(config))) if found else None


def _replace(known: dict[str, StoredRun], run: StoredRun, now: StoredRun | None) -> bool:
    """Effect: put what a run is now in its place. Return False where another run of the same config may be next."""
    if run.config is None:
        return True
    text = document_text(config_document(run.config))
    if known.get(text) is not run:
        return True
    if now is None or now.config != run.config:
        return False
    known[text] = now
    return True


def _add(known: dict[str, StoredRun], run: StoredRun) -> None:
    if run.config is not None:
        text = document_text(config_document(run.config))
        known[text] = min(known.get(text, run), run, key=lambda each: each.path)


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
    known = {name: document_text(value_document(value)) for name, value in site.known}
    return tuple(sorted(run_key(run) for run in stored.of_class(site.class_name) if _agrees(run.config, known)))


def _agrees(config: ConfigValue | None, known: Mapping[str, str]) -> bool:
    if config is None:
        return True
    stored = {name: document_text(value_document(value)) for name, value in config.fields}
    return all(stored.get(name, text) == text for name, text in known.items())


def matches_after(
    site: DynamicSite, before: tuple[str, ...], gone: Iterable[StoredRun], come: Iterable[StoredRun]
) -> tuple[str, ...]:
    """Return the runs that a dynamic site could have built, from those before some went and others came."""
    lost, new = matches_of(site, StoredConfigs(gone)), matches_of(site, StoredConfigs(come))
    if lost == new:
        return before
    return tuple(sorted((Counter(before) - Counter(lost) + Counter(new)).elements()))


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
        config = stored.by_key[key].config if key in stored.by_key else None
        for _, nested in () if config is None else nested_configs(config):
            found = stored.find(nested)
            if found is not None:
                queue.append(run_key(found))
    return frozenset(reached)
