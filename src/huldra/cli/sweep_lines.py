"""The sweeps as `huldra analyze` writes them: one line each, with -v a table of the members."""

from collections.abc import Iterator

from rich.text import Text

from huldra.cli.sections import DIM, INDENT, place_text
from huldra.cli.terminal import Terminal, aligned, styled
from huldra.features.overview import Overview
from huldra.features.picture import Picture, SweepRow
from huldra.features.short_names import SHORT_HASH
from huldra.features.sweep_table import progress_text, sweep_table

_MOST = 8


def sweep_lines(picture: Picture, shown: Overview, terminal: Terminal) -> Iterator[Text]:
    """Yield where each sweep is, how far it has come, and which fields vary."""
    rows = picture.sweeps if terminal.is_verbose or len(picture.sweeps) <= _MOST + 1 else picture.sweeps[:_MOST]
    heads = aligned([_head(row, shown) for row in rows], indent=INDENT)
    experiments = {row.experiment.key: row for row in picture.experiments}
    for row, head in zip(rows, heads, strict=True):
        yield head
        if terminal.is_verbose:
            table = sweep_table(row, experiments)
            titles = tuple(Text(word, style=DIM) for word in ("run", "verdict", *table.columns))
            members = [
                (member.key.rpartition("/")[2][:SHORT_HASH], styled(member.verdict, member.verdict), *member.values)
                for member in table.rows
            ]
            yield from aligned([titles, *members], indent=INDENT * 3)
    if len(rows) < len(picture.sweeps):
        yield Text(f"{INDENT}… and {len(picture.sweeps) - len(rows)} more (-v shows all)", style=DIM)


def _head(row: SweepRow, shown: Overview) -> tuple[Text | str, ...]:
    classes = dict.fromkeys(key.rpartition("/")[0] for key in row.sweep.members)
    names = ", ".join(shown.names.get(name, name) for name in classes)
    return (
        place_text(row.sweep.place),
        names,
        progress_text(row),
        Text(f"over {', '.join(row.sweep.fields)}", style=DIM),
    )
