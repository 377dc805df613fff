"""What a lens or a command is about, and whether that is still so: a lens outlives the text it was made of."""

import hashlib
from collections.abc import Iterable

from msgspec import Struct

from huldra.features.picture import ExperimentRow
from huldra.features.project_view import ProjectView, SiteHere
from huldra.features.run_words import is_worth_a_rerun

_SWEEP = "sweep"


class Target(Struct, frozen=True):
    """A class, an experiment by hash, or the experiments that one place builds.

    `selector` is `class`, `experiment`, `dynamic`, or `sweep FILE:LINE DIGEST`, whose digest says which experiments.
    """

    class_name: str
    digest: str | None
    selector: str

    @property
    def is_sweep(self) -> bool:
        """Whether it is about all that one place builds."""
        return self.selector.startswith(f"{_SWEEP} ")

    @property
    def key(self) -> str | None:
        """The experiment's `class/hash`; None for what is no single experiment."""
        return None if self.digest is None else f"{self.class_name}/{self.digest}"


class Chosen(Struct, frozen=True):
    """The experiments that a target stands for now, and the word that names them on a command line."""

    keys: tuple[str, ...]
    word: str


class Outdated(Struct, frozen=True):
    """Why a target stands for nothing, or for nothing any more."""

    message: str


def sweep_target(view: ProjectView, site: SiteHere) -> Target:
    """Return the target of a place that builds several experiments."""
    first = site.experiments[0].experiment.config.class_name
    selector = f"{_SWEEP} {site.place.file}:{view.shown(site.place).line} {_digest(site.experiments)}"
    return Target(first, None, selector)


def choose_target(view: ProjectView, target: Target) -> Chosen | Outdated:
    """Return what a target stands for in a state, or why for nothing.

    A sweep that builds other experiments than when it was shown is outdated: nobody has agreed to those.
    """
    if target.is_sweep:
        return _chosen_sweep(view, target.selector)
    if target.key is not None:
        known = target.key in view.experiments or target.key in view.runs
        if known:
            return Chosen((target.key,), target.key)
        return Outdated(f"no code builds {target.key} any more, and there is no run of it")
    if not target.class_name:
        return Outdated("say what this is about: class, and hash or selector")
    if target.class_name not in view.classes and target.class_name not in view.runs_of:
        return Outdated(f"there is no class {target.class_name} any more")
    rows = view.experiments_of.get(target.class_name, ())
    runs = view.runs_of.get(target.class_name, ())
    keys = dict.fromkeys((*(row.experiment.key for row in rows), *(run.key for run in runs)))
    return Chosen(tuple(keys), target.class_name)


def chosen_to_rerun(view: ProjectView, target: Target) -> Chosen | Outdated:
    """Return what a rerun of a target would make: of a sweep only what has a result that cannot be trusted."""
    chosen = choose_target(view, target)
    if isinstance(chosen, Outdated) or not target.is_sweep:
        return chosen
    keys = tuple(key for key in chosen.keys if is_worth_a_rerun(view.experiments[key].verdict))
    return Chosen(keys, chosen.word)


def _chosen_sweep(view: ProjectView, selector: str) -> Chosen | Outdated:
    _, _, rest = selector.partition(" ")
    place, _, digest = rest.rpartition(" ")
    file = place.rpartition(":")[0]
    for site in view.sites.get(file, ()):
        if len(site.experiments) > 1 and _digest(site.experiments) == digest:
            keys = tuple(row.experiment.key for row in site.experiments)
            return Chosen(keys, f"{file}:{view.shown(site.place).line}")
    return Outdated(f"what {place} builds has changed since this was shown; look again")


def _digest(rows: Iterable[ExperimentRow]) -> str:
    keys = "\n".join(sorted(row.experiment.key for row in rows))
    return hashlib.blake2b(keys.encode(), digest_size=8).hexdigest()
