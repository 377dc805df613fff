"""What `import huldra` offers, and what it costs nobody who does not use it."""

import copy
import pickle
import subprocess
import sys

import pytest

import huldra
from tests.runtime.experiments import Double, Number

CONTRACT = (
    *("__version__", "Huldra", "HuldraList", "HuldraConfig", "HULDRA_CONFIG", "get_huldra_root"),
    *("set_huldra_root", "HuldraSerializer", "StateManager", "MetadataManager", "SubmititAdapter"),
    *("MISSING", "HuldraError", "HuldraComputeError", "HuldraWaitTimeout", "HuldraLockNotAcquired"),
    *("configure_logging", "get_logger", "log", "write_separator", "enter_holder"),
    *("current_holder", "current_log_dir", "load_env", "chz", "submitit"),
)


@pytest.mark.parametrize("name", CONTRACT)
def test_each_name_of_the_contract_is_there(name):
    assert name in huldra.__all__
    assert name in dir(huldra)
    assert getattr(huldra, name) is not None


def test_an_unknown_name_is_an_error():
    with pytest.raises(AttributeError, match="nonsense"):
        _ = huldra.nonsense


def loaded_after(code):
    code += "\nimport sys; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_importing_costs_nothing_that_is_not_touched():
    assert not loaded_after("import huldra") & {"chz", "pydantic", "rich", "libcst", "huldra.runtime", "logging"}
    loaded = loaded_after("import huldra; huldra.Huldra")
    assert {"chz", "pydantic"} <= loaded
    assert not loaded & {"rich", "libcst", "submitit", "dotenv", "pytest", "cloudpickle"}


def test_a_copy_that_is_vendored_has_a_version(run_python):
    code = (
        "import importlib.metadata as metadata\n"
        "def missing(name): raise metadata.PackageNotFoundError(name)\n"
        "metadata.version = missing\n"
        "import huldra; print(huldra.__version__)"
    )
    assert run_python(code) == "0+unknown\n"


def test_configs_are_frozen_equal_by_value_and_keep_their_hash_when_copied():
    number = Number(n=3)
    with pytest.raises(AttributeError):
        number.n = 4
    with pytest.raises(AttributeError):
        number.huldra_hash = "x"
    assert number == Number(n=3) != Number(n=4)
    assert len({number, Number(n=3)}) == 1
    assert pickle.loads(pickle.dumps(number)).huldra_hash == number.huldra_hash  # noqa: S301
    changed = copy.copy(number)
    object.__setattr__(changed, "X_n", 4)
    vars(changed).pop("n", None)
    assert changed.huldra_hash == Number(n=4).huldra_hash, "a copy remembers no hash"


def test_a_users_field_may_be_called_huldra_hash():
    class Old(Number):
        huldra_hash: str = "mine"

    assert Old().huldra_hash == "mine"
    assert len(Old()._huldra_hash) == 20


def test_a_name_of_the_reference_stays_reserved():
    with pytest.raises(ValueError, match="_run_locally"):

        class Bad(Number):
            _run_locally: int = 1


def test_dicts_come_back_as_objects():
    double = Double(number=Number(n=5))
    assert huldra.Huldra.from_dict(double.to_dict()) == double
    assert Number.from_dict([double.to_dict()]) == [double]
    assert huldra.HuldraSerializer.from_dict({"a": 1}) == {"a": 1}
    with pytest.raises(ModuleNotFoundError):
        Number.from_dict({"__class__": "nowhere.Number"})


def test_the_sentinel_cannot_be_serialised():
    assert repr(huldra.MISSING) == repr(huldra.Huldra.MISSING) == "Huldra.MISSING"
    assert pickle.loads(pickle.dumps(huldra.MISSING)) is huldra.MISSING  # noqa: S301


def test_errors_show_what_they_hold(tmp_path):
    error = huldra.HuldraComputeError("no luck", tmp_path / "state.json", ValueError("because"))
    for part in ("no luck", "ValueError: because", str(tmp_path / "state.json")):
        assert part in str(error)
    assert str(pickle.loads(pickle.dumps(error))).startswith("no luck")  # noqa: S301


class Sweep(huldra.HuldraList[Number]):
    """A collection with everything that one may hold."""

    one = Number(n=1)
    again = Number(n=1)
    more = [Number(n=2), Number(n=3)]  # noqa: RUF012  what users write
    named = {"four": Number(n=4), "two": Number(n=2)}  # noqa: RUF012
    _hidden = Number(n=9)

    def helper(self):
        """Not an entry."""


class Inherited(Sweep):
    """Has no entries of its own."""


def test_a_collection_lists_each_experiment_once_in_order():
    assert [number.n for number in Sweep.all()] == [1, 2, 3, 4]
    assert [number.n for number in Sweep] == [1, 2, 3, 4]
    assert Inherited.all() == []


def test_a_collection_gives_its_entries_by_name():
    assert [name for name, _ in Sweep.items()] == ["one", "again", "more"]
    assert list(Sweep.items_iter()) == Sweep.items()
    assert Sweep.by_name("one").n == 1
    assert Sweep.by_name("four").n == 4
    assert Sweep.by_name("more") == [Number(n=2), Number(n=3)]
    assert Sweep.by_name("nine", strict=False) is None
    with pytest.raises(KeyError):
        Sweep.by_name("_hidden")


def test_a_collection_of_something_else_is_an_error():
    class Wrong(huldra.HuldraList[Number]):
        entry = 5

    with pytest.raises(TypeError, match=r"Wrong\.entry"):
        Wrong.all()


def test_log_lines_go_to_the_innermost_holder(tmp_path, store):
    assert huldra.current_holder() is None
    assert huldra.current_log_dir() == store
    with huldra.enter_holder(Number()), huldra.enter_holder(tmp_path / "a"):
        assert huldra.current_holder() == tmp_path / "a"
        path = huldra.log("hello", level="WARNING")
        assert huldra.write_separator() == path
    assert path == tmp_path / "a" / ".huldra" / "huldra.log"
    line, separator = path.read_text().splitlines()
    assert line.endswith(" hello")
    assert "[WARNING] huldra test_public_names.py:" in line
    assert separator == "-" * 18
    with pytest.raises(ValueError, match="LOUD"):
        huldra.log("x", level="LOUD")
    with huldra.enter_holder(5), pytest.raises(TypeError):
        huldra.current_log_dir()
