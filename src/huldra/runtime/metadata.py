"""metadata.json: which config, which code version, which machine. Describes the latest attempt."""

import os
import platform
import sys
from pathlib import Path

from pydantic import JsonValue as RecordJson

from huldra.formats.json_values import JsonValue
from huldra.formats.layout import metadata_file, patch_file
from huldra.formats.records import Record
from huldra.runtime.config import HULDRA_CONFIG
from huldra.runtime.git import LONGEST_PATCH, PATCH_BESIDE, collect_git_facts
from huldra.runtime.machine import command_line, host_name, user_name
from huldra.runtime.store import internal, write_json, write_whole
from huldra.runtime.times import now


class GitInfo(Record):
    """The code version. Placeholders such as `<no-git>` stand for what is not there."""

    git_commit: str
    git_branch: str
    git_remote: str
    git_patch: str
    git_submodules: dict[str, str]


class EnvironmentInfo(Record):
    """The process and the machine."""

    timestamp: str
    command: str
    python_version: str
    executable: str
    platform: str
    hostname: str
    user: str
    pid: int


class HuldraMetadata(Record):
    """metadata.json, keys in the order of the contract."""

    huldra_python_def: str
    huldra_obj: RecordJson
    huldra_hash: str
    huldra_path: str
    git_commit: str
    git_branch: str
    git_remote: str
    git_patch: str
    git_submodules: dict[str, str]
    timestamp: str
    command: str
    python_version: str
    executable: str
    platform: str
    hostname: str
    user: str
    pid: int


def git_info(*, ignore_diff: bool) -> tuple[GitInfo, str | None]:
    """Return the code version, and the patch if it is too long for metadata.json.

    Effect: runs git.
    """
    facts = collect_git_facts(HULDRA_CONFIG.base_root, ignore_diff=ignore_diff)
    beside = facts.patch if len(facts.patch) > LONGEST_PATCH else None
    info = GitInfo(
        git_commit=facts.commit,
        git_branch=facts.branch,
        git_remote=facts.remote,
        git_patch=PATCH_BESIDE if beside else facts.patch,
        git_submodules=facts.submodules,
    )
    return info, beside


def environment_info() -> EnvironmentInfo:
    """Return what is known of this process."""
    return EnvironmentInfo(
        timestamp=now().isoformat(timespec="microseconds"),
        command=command_line(),
        python_version=sys.version,
        executable=sys.executable,
        platform=platform.platform(),
        hostname=host_name(),
        user=user_name(),
        pid=os.getpid(),
    )


def compose_metadata(
    *, python_def: str, document: JsonValue, digest: str, directory: Path, git: GitInfo
) -> HuldraMetadata:
    """Return the metadata of an attempt that this process makes."""
    return HuldraMetadata.model_validate(
        {
            "huldra_python_def": python_def,
            "huldra_obj": document,
            "huldra_hash": digest,
            "huldra_path": str(directory.resolve()),
            **git.model_dump(),
            **environment_info().model_dump(),
        }
    )


def write_metadata(metadata: HuldraMetadata, directory: Path, patch: str | None = None) -> None:
    """Write metadata.json, and the patch beside it if it is too long.

    Effect: replaces the two files; an older patch goes.
    """
    inside = internal(directory)
    inside.mkdir(parents=True, exist_ok=True)
    if patch is None:
        patch_file(inside).unlink(missing_ok=True)
    else:
        write_whole(patch_file(inside), patch.encode())
    write_json(metadata_file(inside), metadata.model_dump(mode="json"))


def read_metadata(directory: Path) -> HuldraMetadata:
    """Return the metadata of a run.

    Raises:
        FileNotFoundError: there is none.
        pydantic.ValidationError: it is malformed.
    """
    return HuldraMetadata.model_validate_json(metadata_file(internal(directory)).read_bytes())
