"""Which names outside the project read what no config says: the environment, the clock, chance, files. Only tables."""

from typing import Literal

READS_ENVIRONMENT, UNSEEDED_RANDOM, WALL_CLOCK = "HUL401", "HUL402", "HUL404"
Reading = Literal["HUL401", "HUL402", "HUL404"]

_ENVIRONMENT = ("os.environ", "os.environb", "os.getenv", "os.getenvb", "sys.argv", "os.getcwd", "pathlib.Path.cwd")
_CLOCK = (
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime", "time.strftime"),
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
)
_NO_SEED = ("os.urandom", "uuid.uuid1", "uuid.uuid4", "secrets", "random.SystemRandom")
_SEEDS = {
    "random": ("random.seed",),
    "numpy.random": ("numpy.random.seed",),
    "torch": ("torch.manual_seed", "torch.random.manual_seed"),
}
"""Modules whose functions share one state, and what seeds it."""
_GENERATORS = frozenset(
    {
        *("random.Random", "numpy.random.default_rng", "numpy.random.RandomState", "numpy.random.SeedSequence"),
        *(f"numpy.random.{name}" for name in ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")),
    }
)
"""What takes its seed as an argument, and one from the system without it."""
_HARMLESS = frozenset({"seed", "getstate", "setstate", "get_state", "set_state", "Generator", "BitGenerator"})
_TORCH = frozenset(
    {
        *("rand", "randn", "randint", "randperm", "normal", "bernoulli", "multinomial", "poisson"),
        *("rand_like", "randn_like", "randint_like"),
    }
)

READERS = frozenset(
    {
        *("builtins.open", "io.open", "numpy.load", "numpy.loadtxt", "numpy.genfromtxt", "numpy.fromfile"),
        *("torch.load", "joblib.load", "imageio.imread", "cv2.imread", "PIL.Image.open", "h5py.File"),
        *(f"pandas.read_{kind}" for kind in ("csv", "table", "parquet", "json", "pickle", "excel", "feather", "hdf")),
        *(f"polars.{way}_{kind}" for way in ("read", "scan") for kind in ("csv", "parquet", "ndjson", "ipc")),
    }
)
"""What reads the file that its first argument names."""
OPENERS = frozenset({"builtins.open", "io.open", "h5py.File"})
"""Those of them that may also write, as their second argument says."""
READING_METHODS = frozenset({"read_text", "read_bytes", "open"})
"""The same of a path."""


def reading_of(target: str, reached: set[str]) -> Reading | None:
    """Return what a name outside the project reads; None for nothing of the kind.

    Args:
        target: Its full name, `numpy.random.normal`.
        reached: All such names that the same closure reads: a seed may be among them.
    """
    if _is_below(target, _ENVIRONMENT):
        return READS_ENVIRONMENT
    if _is_below(target, _CLOCK):
        return WALL_CLOCK
    if _is_below(target, _NO_SEED):
        return UNSEEDED_RANDOM
    module, _, name = target.rpartition(".")
    if module not in _SEEDS or name in _HARMLESS or target in _GENERATORS or reached.intersection(_SEEDS[module]):
        return None
    return UNSEEDED_RANDOM if module != "torch" or name in _TORCH else None


def is_generator(target: str) -> bool:
    """Whether this makes a generator of random numbers, whose seed is its first argument or `seed`."""
    return target in _GENERATORS


def _is_below(target: str, names: tuple[str, ...]) -> bool:
    return any(target == name or target.startswith(f"{name}.") for name in names)
