"""Experiments as symbols: those of a file, and those of a project that fit some words, such as `lr=3e-4` or a hash."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from huldra.features.project_view import ProjectView, SiteHere
from huldra.features.run_words import counts_words, verdict_words
from huldra.features.short_names import SHORT_HASH
from huldra.features.value_text import outline_text, value_text
from huldra.features.verdict_counts import ordered_counts
from huldra.formats.config_values import ConfigValue
from huldra.project.places import Place
from huldra.stored_runs.model import StoredRun

_MOST_FOUND = 200
_LONGEST_NAME = 80


class Symbol(Struct, frozen=True):
    """Something with a name and a place. `detail` is its verdict, `container` its class."""

    name: str
    detail: str
    container: str
    place: Place


def file_symbols(view: ProjectView, file: str) -> tuple[Symbol, ...]:
    """Return the sites of a file, in the order of the text."""
    return tuple(_site(view, site) for site in view.sites.get(file, ()))


def find_symbols(view: ProjectView, query: str) -> tuple[Symbol, ...]:
    """Return the experiments and runs of which every word of a query is part: of class, config, hash or verdict.

    A number fits a field's value however it is written: `lr=3e-4` finds 0.0003. At most 200. Words that a name does
    not show stand behind it: editors look for the query in names again, and drop those that do not have it.
    """
    words = [_folded(word) for word in query.split()]
    found: list[Symbol] = []
    for symbol, text in _searchable(view):
        if all(word in text for word in words):
            shown = f"{symbol.name} {symbol.detail}".casefold()
            hidden = [word for word in query.split() if word.casefold() not in shown]
            found.append(replace(symbol, name=" ".join((symbol.name, *hidden))))
        if len(found) == _MOST_FOUND:
            break
    return tuple(found)


def _site(view: ProjectView, site: SiteHere) -> Symbol:
    class_name = site.class_names[0]
    short = view.names.get(class_name, class_name)
    if len(site.experiments) == 1:
        row = site.experiments[0]
        name = outline_text(row.experiment.config, _LONGEST_NAME)
        return Symbol(
            name, f"{verdict_words(row.verdict)} {row.experiment.digest[:SHORT_HASH]}", class_name, site.place
        )
    if site.experiments:
        counts = counts_words(ordered_counts(row.verdict for row in site.experiments))
        return Symbol(f"{len(site.experiments)} x {short}", counts, class_name, site.place)
    return Symbol(f"{short}(?)", "known only when it runs", class_name, site.place)


def _searchable(view: ProjectView) -> Iterator[tuple[Symbol, str]]:
    """Every experiment and run that has a place, with the text to search in."""
    for key in dict.fromkeys((*view.experiments, *view.runs)):
        row, run = view.experiments.get(key), view.runs.get(key)
        class_name, _, digest = key.rpartition("/")
        info = view.class_info(class_name)
        place = row.experiment.sites[0].place if row is not None and row.experiment.sites else None
        place = place or (info.name_place if info is not None else None)
        stored = run.run if run is not None else None
        config = row.experiment.config if row is not None else stored.config if isinstance(stored, StoredRun) else None
        if place is None or config is None:
            continue
        verdict = run.verdict if run is not None else row.verdict if row is not None else ""
        name = f"{outline_text(config, _LONGEST_NAME)} {digest[:SHORT_HASH]}"
        text = f"{class_name} {digest} {verdict} {' '.join(_pairs(config))}".casefold()
        yield Symbol(name, verdict_words(verdict), class_name, place), text


def _pairs(config: ConfigValue) -> Iterator[str]:
    for name, value in config.fields:
        yield f"{name}={value_text(value)} "
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{name}={_number(value)} "


def _folded(word: str) -> str:
    """A value as it is written in the searched text: `lr=3e-4` as `lr=0.0003 `, so that it does not find 0.00031."""
    name, is_pair, value = word.partition("=")
    if not is_pair:
        return word.casefold()
    try:
        number = float(value)
    except ValueError:
        return word.casefold()
    return f"{name}={_number(number)} ".casefold()


def _number(value: float) -> str:
    """A number in one spelling, whatever its type; one past all floats as it is written."""
    try:
        return repr(float(value))
    except OverflowError:
        return repr(value)
