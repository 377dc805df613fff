"""The JSON of `huldra show` and `huldra diff`, schema_version 1."""

from collections.abc import Iterable
from typing import Literal

from huldra.exports.analysis_json import Model, RunModel, run_model, site_models
from huldra.exports.json_text import json_text
from huldra.features.config_difference import Absent, Difference
from huldra.features.run_details import Relative, RunDetails, snippet_text
from huldra.features.run_rows import document_of
from huldra.plans.config_source import ConfigSource
from huldra.stored_runs.model import StoredRun


class RelativeModel(Model):
    """A run above or below, as `class/hash`."""

    run: str
    via: str
    verdict: str


class FileModel(Model):
    """A file of the run; `size` in bytes. `git` is what git makes of it, null outside a repository.

    `changed` is tracked too, and other than what is staged.
    """

    name: str
    size: int
    tracked: bool
    git: Literal["tracked", "changed", "untracked", "ignored"] | None


class CopyModel(Model):
    """Another run of the same `class/hash`, in another folder or store."""

    path: str
    store: str | None
    verdict: str


class AttemptModel(Model):
    """The latest attempt; times are ISO text, as recorded."""

    number: int
    status: str
    backend: str
    started_at: str
    ended_at: str | None
    host: str | None
    user: str | None
    error: str | None
    traceback: str | None


class MetadataModel(Model):
    """What the run was made with."""

    commit: str | None
    branch: str | None
    dirty: bool | None
    recorded_at: str
    command: str
    user: str
    host: str
    python_version: str


class ShowModel(Model):
    """Everything about one run."""

    schema_version: Literal[1]
    run: RunModel
    copies: list[CopyModel]
    directory: str
    config: dict[str, object] | None
    attempt: AttemptModel | None
    metadata: MetadataModel | None
    parents: list[RelativeModel]
    children: list[RelativeModel]
    size: int
    files: list[FileModel]
    events: list[dict[str, object]]
    log: list[str]
    snippet: str | None
    snippet_faults: list[str]


class DifferenceModel(Model):
    """One place at which two configs differ; `in_first` and `in_second` say whether it is there at all."""

    path: str
    in_first: bool
    first: object
    in_second: bool
    second: object


class DiffModel(Model):
    """How two runs differ."""

    schema_version: Literal[1]
    first: str
    second: str
    config: list[DifferenceModel]
    code: list[str]


def show_json(details: RunDetails) -> str:
    """Return the document as text."""
    run = details.compared.run
    document = document_of(details.compared)
    source = details.snippet
    model = ShowModel(
        schema_version=1,
        run=run_model(details.compared, site_models(details.sites)),
        copies=[
            CopyModel(path=copy.run.path, store=copy.run.store or None, verdict=copy.verdict) for copy in details.copies
        ],
        directory=str(details.directory),
        config=dict(document) if isinstance(document, dict) else None,
        attempt=_attempt(run) if isinstance(run, StoredRun) else None,
        metadata=_metadata(run) if isinstance(run, StoredRun) else None,
        parents=[_relative(relative) for relative in details.parents],
        children=[_relative(relative) for relative in details.children],
        size=details.files.size,
        files=[
            FileModel(
                name=file.name,
                size=file.size,
                tracked=details.in_git.get(file.name) in ("tracked", "changed"),
                git=details.in_git.get(file.name),
            )
            for file in details.files.files
        ],
        events=[dict(event) for event in details.events],
        log=list(details.log),
        snippet=snippet_text(source) if isinstance(source, ConfigSource) else None,
        snippet_faults=list(source.faults) if isinstance(source, ConfigSource) else [source.reason],
    )
    return json_text(model)


def _relative(relative: Relative) -> RelativeModel:
    return RelativeModel(run=relative.key, via=relative.via, verdict=relative.verdict)


def _attempt(run: StoredRun) -> AttemptModel | None:
    attempt = run.attempt
    if attempt is None:
        return None
    return AttemptModel(
        number=attempt.number,
        status=attempt.status,
        backend=attempt.backend,
        started_at=attempt.started_at,
        ended_at=attempt.ended_at,
        host=attempt.host,
        user=attempt.user,
        error=None if attempt.error is None else f"{attempt.error.type}: {attempt.error.message}",
        traceback=None if attempt.error is None else attempt.error.traceback,
    )


def _metadata(run: StoredRun) -> MetadataModel | None:
    made = run.provenance
    if made is None:
        return None
    return MetadataModel(
        commit=made.commit,
        branch=made.branch,
        dirty=made.is_dirty,
        recorded_at=made.recorded_at,
        command=made.command,
        user=made.user,
        host=made.host,
        python_version=made.python_version,
    )


def diff_json(first: str, second: str, config: Iterable[Difference], code: Iterable[str]) -> str:
    """Return the document as text."""
    rows = [
        DifferenceModel(
            path=difference.path,
            in_first=not isinstance(difference.first, Absent),
            first=None if isinstance(difference.first, Absent) else difference.first,
            in_second=not isinstance(difference.second, Absent),
            second=None if isinstance(difference.second, Absent) else difference.second,
        )
        for difference in config
    ]
    document = DiffModel(schema_version=1, first=first, second=second, config=rows, code=list(code))
    return json_text(document, by_alias=False)
