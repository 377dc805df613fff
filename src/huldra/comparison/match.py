"""Which stored run is which experiment: by hash first, since a recorded config is lossy."""

import json
from collections.abc import Iterable, Mapping

from huldra.experiments.model import DynamicSite, Experiment, Experiments
from huldra.formats.config_documents import config_document, value_document
from huldra.formats.config_values import ConfigValue, Value, child_values
from huldra.formats.json_values import JsonValue
from huldra.stored_runs.model import StoredRun, UnreadableRun


def run_key(run: StoredRun | UnreadableRun) -> str:
    """Return `class/hash` of a run, as its directory says."""
    return f"{run.class_name}/{run.hash}"


def document_text(document: JsonValue) -> str:
    """Return a document as one comparable text."""
    return json.dumps(document, sort_keys=True)


class StoredConfigs:
    """Finds a config's run by the document that was recorded of it: equal configs leave equal documents."""

    def __init__(self, runs: Iterable[StoredRun]) -> None:
        self._runs: dict[str, StoredRun] = {}
        for run in runs:
            if run.config is not None:
                self._runs.setdefault(document_text(config_document(run.config)), run)

    def find(self, config: ConfigValue) -> StoredRun | None:
        """Return the run of a config that another run's record holds; None when the store has none."""
        return self._runs.get(document_text(config_document(config)))


class BuiltConfigs:
    """Finds an experiment of today's code by the document that would be recorded of it."""

    def __init__(self, experiments: Experiments) -> None:
        self._experiments = experiments
        self._of_class: dict[str, dict[str, Experiment]] = {}

    def find(self, config: ConfigValue) -> Experiment | None:
        """Return the experiment of the class whose record would equal this one; None when code builds none."""
        name = config.class_name
        if name not in self._of_class:
            self._of_class[name] = {
                document_text(config_document(built.config)): built
                for built in self._experiments.by_key.values()
                if built.config.class_name == name
            }
        return self._of_class[name].get(document_text(config_document(config)))


def nested_configs(value: Value, path: str = "") -> Iterable[tuple[str, ConfigValue]]:
    """Yield every config inside a value, outermost first, with the path that leads to it."""
    for step, child in child_values(value):
        full = step if not path else f"{path}{step}" if step.startswith("[") else f"{path}.{step}"
        if isinstance(child, ConfigValue):
            yield full, child
        yield from nested_configs(child, full)


def matches_of(site: DynamicSite, runs: Iterable[StoredRun]) -> tuple[str, ...]:
    """Return the runs that a dynamic site could have built: of its class, and equal in every field that is known."""
    known = {name: document_text(value_document(value)) for name, value in site.known}
    return tuple(
        sorted(run_key(run) for run in runs if run.class_name == site.class_name and _agrees(run.config, known))
    )


def _agrees(config: ConfigValue | None, known: Mapping[str, str]) -> bool:
    if config is None:
        return True
    stored = {name: document_text(value_document(value)) for name, value in config.fields}
    return all(stored.get(name, text) == text for name, text in known.items())


def possibly_built(
    experiments: Experiments, dynamic_matches: Iterable[tuple[str, ...]], runs: Iterable[StoredRun]
) -> frozenset[str]:
    """Return the keys of all runs that code builds or could build, those that they hold included."""
    stored = list(runs)
    by_key = {run_key(run): run for run in stored}
    configs = StoredConfigs(stored)
    reached: set[str] = set(experiments.by_key)
    queue = [key for keys in dynamic_matches for key in keys if key not in reached]
    while queue:
        key = queue.pop()
        if key in reached:
            continue
        reached.add(key)
        config = by_key[key].config if key in by_key else None
        for _, nested in () if config is None else nested_configs(config):
            found = configs.find(nested)
            if found is not None:
                queue.append(run_key(found))
    return frozenset(reached)
