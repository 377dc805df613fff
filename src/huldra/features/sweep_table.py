"""A sweep as a table: a row for each member, a column for each field that varies."""

from collections.abc import Mapping

from msgspec import Struct

from huldra.experiments.sweeps import CLASS_FIELD
from huldra.features.picture import ExperimentRow, SweepRow
from huldra.features.value_text import value_text
from huldra.features.verdict_counts import SHOWN_ORDER, ordered_counts
from huldra.formats.config_values import ConfigValue
from huldra.formats.names import short_name


class MemberRow(Struct, frozen=True):
    """A member: its key, its verdict, and the values of the columns as people write them, empty where it has none."""

    key: str
    verdict: str
    values: tuple[str, ...]


class SweepTable(Struct, frozen=True):
    """The members in the order in which the code builds them."""

    columns: tuple[str, ...]
    rows: tuple[MemberRow, ...]


def sweep_table(row: SweepRow, experiments: Mapping[str, ExperimentRow]) -> SweepTable:
    """Return a sweep's table.

    Args:
        row: The sweep.
        experiments: All experiments, by key.
    """
    members = (
        MemberRow(key, verdict, tuple(_cell(experiments[key].experiment.config, field) for field in row.sweep.fields))
        for key, verdict in zip(row.sweep.members, row.verdicts, strict=True)
        if key in experiments
    )
    return SweepTable(row.sweep.fields, tuple(members))


def _cell(config: ConfigValue, path: str) -> str:
    name, _, rest = path.partition(".")
    if name == CLASS_FIELD:
        return short_name(config.class_name)
    fields = dict(config.fields)
    if name not in fields:
        return ""
    value = fields[name]
    return _cell(value, rest) if rest and isinstance(value, ConfigValue) else value_text(value)


def progress_text(row: SweepRow) -> str:
    """Return `7/12 done · 2 stale · 3 missing`, and what more the place builds."""
    counts = ordered_counts(verdict for verdict in row.verdicts if verdict != SHOWN_ORDER[0])
    parts = [f"{row.done}/{len(row.verdicts)} done", *(f"{count} {verdict}" for verdict, count in counts)]
    if row.sweep.dynamic:
        parts.append(f"{row.sweep.dynamic} dynamic")
    if row.sweep.dropped:
        parts.append(f"{row.sweep.dropped} past the limit")
    return " · ".join(parts)
