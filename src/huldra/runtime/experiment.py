"""`Huldra`, the base class of experiments: a config that knows its hash, its directory and how to get its result."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, dataclass_transform, overload

from huldra.formats.json_values import JsonValue
from huldra.formats.names import namespace_parts
from huldra.runtime import documents, source_text
from huldra.runtime.config import HULDRA_CONFIG
from huldra.runtime.dry_run import is_dry_run, skip_computing
from huldra.runtime.errors import MISSING, MissingType
from huldra.runtime.fields import chz, make_config_class
from huldra.runtime.forcing import is_forced
from huldra.runtime.holders import enter_holder
from huldra.runtime.log import get_logger, log
from huldra.runtime.recording import is_recording, record, record_builds
from huldra.runtime.run import is_valid, load_or_create, load_result
from huldra.runtime.store import has_result
from huldra.runtime.task import Task
from huldra.runtime.tracebacks import install_uncaught_tracebacks
from huldra.runtime.values import class_path_of, identity_of

if TYPE_CHECKING:  # what only computing, submitting and asking for metadata need is imported when they are done
    from huldra.runtime.batch import Executor
    from huldra.runtime.metadata import HuldraMetadata

T = TypeVar("T")
_HASH = "__huldra_hash__"

install_uncaught_tracebacks()


class _HashProperty:
    """`huldra_hash`: seen on objects only, so that a class of users may still have a field of that name."""

    @overload
    def __get__(self, instance: None, owner: type) -> "_HashProperty": ...
    @overload
    def __get__(self, instance: object, owner: type) -> str: ...
    def __get__(self, instance: object, owner: type) -> "str | _HashProperty":
        """Return the hash of a config."""
        if instance is None:
            raise AttributeError("huldra_hash")
        return _hash_of(instance)

    def __set__(self, instance: object, value: object) -> None:
        raise AttributeError("huldra_hash cannot be set")


@dataclass_transform(field_specifiers=(chz.field,), kw_only_default=True, frozen_default=True)
class Huldra(ABC, Generic[T]):
    """An experiment: a frozen config that computes a result of type `T` once, and loads it from then on.

    A subclass annotates its fields and implements `_create` and `_load`. Class keywords: `version_controlled=True` puts
    its runs under `git/` in place of `data/`; `version` and `typecheck` are chz's.
    """

    MISSING: ClassVar[MissingType] = MISSING
    version_controlled: ClassVar[bool] = False
    _max_wait_time_sec: ClassVar[float | None] = 600.0
    huldra_hash: ClassVar = _HashProperty()

    def __init_subclass__(
        cls,
        *,
        version_controlled: bool | None = None,
        version: str | None = None,
        typecheck: bool | None = None,
        **kwargs: object,
    ) -> None:
        super().__init_subclass__(**kwargs)
        make_config_class(cls, version=version, typecheck=typecheck)
        record_builds(cls)
        if version_controlled is not None:
            cls.version_controlled = version_controlled

    def __getstate__(self) -> object:
        """Leave the remembered hash out of copies and pickles: those may be changed, or read by other code."""
        return {name: value for name, value in vars(self).items() if name != _HASH}

    @abstractmethod
    def _create(self) -> T:
        """Compute the result, store it below `self.huldra_dir`, and return it."""

    @abstractmethod
    def _load(self) -> T:
        """Return the result that `_create` stored."""

    def _validate(self) -> bool:
        """Return whether the stored result may be used; if not, it is computed again."""
        return True

    @classmethod
    def _namespace(cls) -> Path:
        """Return the directory of the class below a root of the store; raise ValueError if it has no stable place."""
        return Path(*namespace_parts(cls.__module__, cls.__qualname__))

    @property
    def _huldra_hash(self) -> str:
        """The 20 hex digits that name this config; computed once."""
        return _hash_of(self)

    @property
    def huldra_dir(self) -> Path:
        """The directory of this config's run, which may not be there yet."""
        root = HULDRA_CONFIG.get_root(self.version_controlled)
        return root / self._namespace() / self._huldra_hash

    @property
    def raw_dir(self) -> Path:
        """One directory for raw data that all experiments share; the library never creates it."""
        return HULDRA_CONFIG.raw_dir

    def to_dict(self) -> object:
        """Return the config as dicts and lists; see `documents.to_dict`."""
        return documents.to_dict(self)

    @classmethod
    def from_dict(cls, data: object) -> object:
        """Return the object that a dict describes, of whatever class it names; see `documents.from_dict`."""
        return documents.from_dict(data)

    def to_python(self, multiline: bool = True) -> str:  # noqa: FBT001, FBT002  the contract's signature
        """Return the config as source text, for people; see `source_text.to_python`."""
        return source_text.to_python(self, multiline=multiline)

    def log(self, message: str, *, level: str = "INFO") -> Path:
        """Write a line to the log of the run that is under way, which need not be this one's.

        Effect: appends to a log file.
        """
        return log(message, level=level)

    def exists(self) -> bool:
        """Return whether there is a result that `_validate` accepts; an error in `_validate` propagates.

        Effect: writes a log line.
        """
        directory = self.huldra_dir
        found = has_result(directory) and self._validate()
        why = "" if found else " (never computed, or not valid)"
        get_logger().info("exists %s %s -> %s%s", type(self).__name__, self._huldra_hash, found, why)
        return found

    def get_metadata(self) -> "HuldraMetadata":
        """Return metadata.json of the run; raise FileNotFoundError if there is none."""
        from huldra.runtime.metadata import read_metadata  # noqa: PLC0415

        return read_metadata(self.huldra_dir)

    @overload
    def load_or_create(self, executor: None = None, *, force: bool = False) -> T: ...
    @overload
    def load_or_create(self, executor: "Executor", *, force: bool = False) -> object: ...
    def load_or_create(self, executor: "Executor | None" = None, *, force: bool = False) -> object:
        """Return the result, loaded if there is one, computed if not; with an executor, the job that computes it.

        Effect: may compute, and write the run's directory.

        Args:
            executor: A `submitit.Executor`, or what looks like one. A result that is there is still returned itself.
            force: Compute again although there is a result, which comes back if that fails.

        Raises:
            HuldraComputeError: the result cannot be loaded or recorded, or another process failed at it.
            HuldraWaitTimeout: another process took longer than `_max_wait_time_sec`.
            Exception: whatever `_create` raises, unchanged.
        """
        task = _task_of(self)
        is_dry = is_dry_run()
        if executor is None and not is_dry and not is_recording():
            return load_or_create(task, force=force)
        is_again = force or is_forced(task)
        is_there = not is_again and has_result(task.directory)
        record("asked", self, {"has_result": is_there})
        if is_dry and not is_there:
            return skip_computing(str(task))
        if executor is None:
            return load_or_create(task, force=force)
        with enter_holder(self):
            if is_there and is_valid(task):
                return load_result(task)
            return _submit(task, executor, Worker(self, force=is_again), is_there=is_there)


def _submit(task: Task[T], executor: "Executor", worker: "Worker", *, is_there: bool) -> object:
    from huldra.runtime.batch import submit  # noqa: PLC0415
    from huldra.runtime.compute import invalidate_result  # noqa: PLC0415

    if is_there:
        invalidate_result(task)
    return submit(task, executor, worker)


class Worker:
    """What a batch job calls. Under submitit it is put in the queue again if the job is preempted."""

    def __init__(self, experiment: Huldra[T], *, force: bool) -> None:
        self.experiment = experiment
        self.force = force

    def __call__(self) -> None:
        """Compute the run, if there still is anything to do.

        Effect: see `run.compute_in_worker`.
        """
        from huldra.runtime.compute import compute_in_worker  # noqa: PLC0415
        from huldra.runtime.scheduler import worker_backend  # noqa: PLC0415

        compute_in_worker(_task_of(self.experiment), worker_backend(), force=self.force)

    def checkpoint(self, *_args: object, **_named: object) -> object:
        """Return the submission that goes on where this one was stopped."""
        from submitit.helpers import DelayedSubmission  # noqa: PLC0415  only a worker of submitit gets here

        return DelayedSubmission(self)


def _hash_of(config: object) -> str:
    """Return a config's hash, computed the first time and remembered in the object."""
    known: object = vars(config).get(_HASH)
    if isinstance(known, str):
        return known
    digest = identity_of(config)
    object.__setattr__(config, _HASH, digest)
    return digest


def _task_of(experiment: Huldra[T]) -> Task[T]:
    cls = type(experiment)
    methods = experiment._create, experiment._load, experiment._validate  # pyright: ignore[reportPrivateUsage]
    create, load, validate = methods
    return Task(
        name=cls.__name__,
        class_path=class_path_of(experiment),
        module=cls.__module__,
        digest=_hash_of(experiment),
        directory=experiment.huldra_dir,
        holder=experiment,
        create=create,
        load=load,
        validate=validate,
        describe=_describer(experiment),
        max_wait_seconds=experiment._max_wait_time_sec,  # pyright: ignore[reportPrivateUsage]
    )


def _describer(experiment: object) -> Callable[[], tuple[str, JsonValue]]:
    return lambda: (source_text.to_python(experiment, multiline=False), documents.to_json_document(experiment))
