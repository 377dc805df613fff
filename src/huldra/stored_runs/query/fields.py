"""What can be asked of a run: each field's name, kind and meaning. Knows no values."""

from collections.abc import Mapping
from typing import Literal, get_args

from msgspec import Struct

from huldra.formats.attempts import AttemptStatus
from huldra.stored_runs.liveness import ATTEMPT_VERDICTS
from huldra.stored_runs.model import RunResult

Kind = Literal["text", "class", "digest", "choice", "number", "duration", "size", "time", "boolean", "list", "runs"]
"""`digest`: text that its beginning stands for; `list`: any number of texts; `runs`: any number of `class/hash`."""

Source = Literal["store", "size", "tags", "verdict"]
"""What must be looked at for a value: the records, all files of the run, git's tags, or today's code."""

CONFIG = "config"


class FieldInfo(Struct, frozen=True):
    """A field: `choices` are all values it can have, where there are few."""

    name: str
    kind: Kind
    meaning: str
    source: Source = "store"
    choices: tuple[str, ...] = ()


ATTEMPT_VERDICT = FieldInfo("attempt_verdict", "choice", "the verdict, if it is one of these; else an empty text")
"""What nobody can ask for by name."""

_VERDICTS = (*ATTEMPT_VERDICTS, "stale", "unverifiable", "orphan", "current")
UNREADABLE = "unreadable"
_RESULTS: tuple[str, ...] = (*get_args(RunResult), UNREADABLE)

_FIELDS = (
    FieldInfo("class", "class", "the class, in full or by the end of its name"),
    FieldInfo("hash", "digest", "the hash, or its beginning"),
    FieldInfo("path", "text", "the directory below the store"),
    FieldInfo("verdict", "choice", "what today's code makes of the run", "verdict", _VERDICTS),
    FieldInfo("certainty", "choice", "whether the verdict leaves a doubt", "verdict", ("certain", "likely")),
    FieldInfo("reason", "list", "the codes of the reasons for the verdict", "verdict"),
    FieldInfo("note", "list", "the codes of what else is to be known", "verdict"),
    FieldInfo("referenced", "boolean", "whether today's code builds it, or could", "verdict"),
    FieldInfo("result", "choice", "which result is stored", "store", _RESULTS),
    FieldInfo("status", "choice", "how the latest attempt was recorded", "store", get_args(AttemptStatus)),
    FieldInfo("attempts", "number", "how many attempts were started"),
    FieldInfo("created", "time", "when the result was made; only a success has it"),
    FieldInfo("started", "time", "when the latest attempt started"),
    FieldInfo("ended", "time", "when the latest attempt ended"),
    FieldInfo("duration", "duration", "how long the latest attempt took, once ended"),
    FieldInfo("error", "text", "type and message of what ended the latest attempt"),
    FieldInfo("user", "text", "who ran it"),
    FieldInfo("host", "text", "the machine that ran it"),
    FieldInfo("backend", "text", "what ran it: local, submitit, ..."),
    FieldInfo("command", "text", "the command line that ran it"),
    FieldInfo("commit", "digest", "the commit it was made at, or its beginning"),
    FieldInfo("branch", "text", "the branch it was made on"),
    FieldInfo("tag", "list", "the git tags of that commit", "tags"),
    FieldInfo("dirty", "boolean", "whether it was made with uncommitted changes"),
    FieldInfo("version_controlled", "boolean", "whether it lies in the version-controlled root"),
    FieldInfo("store", "text", "the store that it lies in, where there are several"),
    FieldInfo("depends_on", "runs", "the runs that its config holds directly"),
    FieldInfo("size", "size", "the bytes of all its files", "size"),
)
FIELDS: Mapping[str, FieldInfo] = {field.name: field for field in _FIELDS}
"""Every field but `config.…`, by name, in the order in which they are documented."""

ALIASES: Mapping[str, str] = {
    "created_at": "created",
    "started_at": "started",
    "ended_at": "ended",
    "duration_s": "duration",
    "size_bytes": "size",
    "reasons": "reason",
    "notes": "note",
    "tags": "tag",
}
"""Names that the JSON output gives to fields, which a reader of it will try."""
