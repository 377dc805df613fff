"""From what stands at a point to where it is defined and used: hashes, fields, classes, sites."""

from collections.abc import Iterator

from huldra.features.project_view import ProjectView
from huldra.features.standing import ClassThere, FieldThere, HashThere, SiteThere, Standing
from huldra.features.words_in_text import hashes_in
from huldra.project.places import Place


def definitions_of(view: ProjectView, standing: Standing) -> tuple[Place, ...]:
    """Return where something is defined, as far as other servers would not say it: hashes, and fields in calls."""
    match standing:
        case HashThere(keys=keys):
            return _unique(_homes(view, keys))
        case FieldThere(class_name=class_name, field=field, place=place, is_read=False):
            declaration = view.snapshot.project.tables.table(class_name).get(field)
            return () if declaration is None or declaration.place == place else (declaration.place,)
        case ClassThere(class_name=name) if standing.place.file in view.snapshot.inputs.manifests:
            return _class_places(view, (name,))
        case SiteThere(site=site) if site.place.file in view.snapshot.inputs.manifests:
            return _class_places(view, site.class_names)
        case _:
            return ()


def references_of(view: ProjectView, standing: Standing, *, with_declaration: bool = False) -> tuple[Place, ...]:
    """Return the sites that build something, and where its hash is written down in code.

    Args:
        view: The state.
        standing: What it is.
        with_declaration: A class's own name is one of them, too.
    """
    match standing:
        case HashThere(keys=keys):
            return _unique((*_sites(view, keys), *_written(view, keys)))
        case SiteThere(site=site):
            keys = tuple(row.experiment.key for row in site.experiments)
            return _unique((*_sites(view, keys), *_dependents(view, keys), *_written(view, keys)))
        case ClassThere(class_name=class_name):
            declared = _class_places(view, (class_name,)) if with_declaration else ()
            return _unique((*_sites_of_class(view, class_name), *declared))
        case _:
            return ()


def _class_places(view: ProjectView, names: tuple[str, ...]) -> tuple[Place, ...]:
    infos = (view.class_info(name) for name in names)
    return _unique(tuple(info.name_place for info in infos if info is not None))


def _homes(view: ProjectView, keys: tuple[str, ...]) -> Iterator[Place]:
    """The sites of experiments; of one that no code builds, its class."""
    for key in keys:
        sites = list(_sites(view, (key,)))
        info = view.class_info(key.rpartition("/")[0])
        yield from sites or ([] if info is None else [info.name_place])


def _sites(view: ProjectView, keys: tuple[str, ...]) -> Iterator[Place]:
    for key in keys:
        row = view.experiments.get(key)
        yield from () if row is None else (site.place for site in row.experiment.sites)


def _dependents(view: ProjectView, keys: tuple[str, ...]) -> Iterator[Place]:
    wanted = frozenset(keys)
    for row in view.picture.experiments:
        if any(dependency.key in wanted for dependency in row.experiment.dependencies):
            yield from (site.place for site in row.experiment.sites)


def _written(view: ProjectView, keys: tuple[str, ...]) -> Iterator[Place]:
    digests = {key.rpartition("/")[2] for key in keys}
    for file, text in view.all_texts():
        if any(digest in text for digest in digests):
            yield from (place for digest, place in hashes_in(text, file) if digest in digests)


def _sites_of_class(view: ProjectView, class_name: str) -> Iterator[Place]:
    below = {class_name, *(row.name for row in view.picture.classes if class_name in row.ancestors)}
    for sites in view.sites.values():
        yield from (site.place for site in sites if below.intersection(site.class_names))


def _unique(places: "Iterator[Place] | tuple[Place, ...]") -> tuple[Place, ...]:
    return tuple(sorted(set(places)))
