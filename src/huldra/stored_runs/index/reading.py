"""Many runs read at once, by several processes where that pays. Knows no index file."""

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from msgspec.structs import replace

from huldra.stored_runs.find import RunGroup
from huldra.stored_runs.index.reading_here import Reading, Task, read_task
from huldra.stored_runs.index.reading_together import read_together
from huldra.stored_runs.own_processes import processors

_WORTH_PROCESSES = 12_000
"""One process reads so many in less than two seconds; another needs a third of one only to start."""

_MOST_PROCESSES = 8
_CHUNK = 400


def read_many(asked: Sequence[RunGroup]) -> Iterator[tuple[RunGroup, list[Reading | None]]]:
    """Yield groups with what was read of each of their runs; None for one that bytes do not give back exactly.

    A large group comes in parts. They come in any order.

    Effect: reads; starts processes for many runs.
    """
    parts = list(chain.from_iterable(_parts(group) for group in asked))
    helpers = min(processors(), _MOST_PROCESSES) - 1
    if helpers == 0 or sum(len(part.runs) for part in parts) < _WORTH_PROCESSES:
        yield from ((part, read_task(_task(part))) for part in parts)
        return
    chunks = _chunks(parts)
    for number, readings in read_together([[_task(part) for part in chunk] for chunk in chunks], helpers):
        yield from zip(chunks[number], readings, strict=True)


def _task(part: RunGroup) -> Task:
    # A name that is no text on its way to the store is none in a message either.
    return ".".join(part.root.parts_of(part.path)), os.fsencode(part.real), part.runs


def _parts(group: RunGroup) -> Iterator[RunGroup]:
    for start in range(0, len(group.runs), _CHUNK):
        yield replace(group, runs=group.runs[start : start + _CHUNK])


def _chunks(parts: Iterable[RunGroup]) -> list[list[RunGroup]]:
    """Return as many small groups together as make a message worth sending."""
    chunks: list[list[RunGroup]] = [[]]
    for part in parts:
        if sum(len(each.runs) for each in chunks[-1]) >= _CHUNK:
            chunks.append([])
        chunks[-1].append(part)
    return chunks
