"""What a rerun would make, and in which order: over code without runs, and over the sample project's store."""

import pytest

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.formats.config_values import ConfigValue, EnumValue, ListValue, PathValue, SetValue, TupleValue
from huldra.formats.identity import identity_hash
from huldra.plans.config_source import config_source
from huldra.plans.recorded_config import CannotRestore, restore_config
from huldra.plans.rerun import WITHOUT_RESULT, plan_rerun

CHAIN = """
import huldra


class Link(huldra.Huldra[int]):
    before: "Link | None" = None
    number: int = 0

    def _create(self) -> int:
        return 1

    def _load(self) -> int:
        return 1


link = Link()
for number in range(1, {count}):
    link = Link(before=link, number=number)
"""


def snapshot_of(root, text):
    (root / "pyproject.toml").write_text("")
    (root / "lab.py").write_text(text)
    return take_snapshot(open_workspace(root, root=root, stores=(root / "store",)))


@pytest.fixture(scope="module")
def sample(toytext):
    return take_snapshot(open_workspace(toytext, root=toytext, stores=(toytext / "data-huldra",)))


def test_a_chain_is_made_from_its_beginning(tmp_path):
    snapshot = snapshot_of(tmp_path, CHAIN.format(count=12))
    last = max(snapshot.experiments.by_key.values(), key=lambda found: dict(found.config.fields)["number"])
    plan = plan_rerun(snapshot, [last.key])
    assert [dict(step.config.fields)["number"] for step in plan.steps] == list(range(12))
    assert [step.purpose for step in plan.steps] == ["upstream"] * 11 + ["asked"]
    assert all(step.after == (before.key,) for before, step in zip(plan.steps, plan.steps[1:], strict=False))
    alone = plan_rerun(snapshot, [last.key], with_upstream=False)
    assert [step.key for step in alone.steps] == [last.key]


def test_the_order_of_what_is_asked_does_not_matter_for_the_order_of_what_is_made(tmp_path):
    snapshot = snapshot_of(tmp_path, CHAIN.format(count=4))
    keys = list(snapshot.experiments.by_key)
    plans = [plan_rerun(snapshot, order) for order in (keys, keys[::-1], keys[1:] + keys[:1])]
    assert all([step.key for step in plan.steps] == [step.key for step in plans[0].steps] for plan in plans)


def test_what_stands_is_not_made_again_for_what_depends_on_it(sample):
    current = {run.key for run in sample.comparison.runs if run.verdict == "current"}
    missing = [key for key in sample.experiments.by_key if key not in sample.comparison.by_key()]
    plan = plan_rerun(sample, missing)
    assert {step.key for step in plan.steps if step.purpose == "asked"} == set(missing)
    assert not {step.key for step in plan.steps} & current


def test_between_what_is_made_and_what_was_asked_everything_is_made(sample):
    """A current run in the middle would be older than what it was made from."""
    tokens = next(key for key in sample.experiments.by_key if "Tokenized/b5b44c" in key)
    evaluation = next(run.key for run in sample.comparison.runs if "Evaluate/2397c8" in run.key)
    plan = plan_rerun(sample, [tokens, evaluation])
    model = next(name for name, _ in sample.comparison.by_key()[evaluation].dependencies if "LogReg" in name)
    assert sample.comparison.by_key()[model].verdict in {"current", "orphan"}
    step = next(step for step in plan.steps if step.key == model)
    assert step.purpose == "upstream"
    assert step.because == f"{tokens} is made again before it"
    assert step.after == (tokens,)


def test_only_what_has_no_result_is_made_first_when_so_asked(sample):
    report = next(run.key for run in sample.comparison.runs if "Report/25af5b" in run.key)
    plan = plan_rerun(sample, [report], upstream_verdicts=WITHOUT_RESULT)
    assert [step.key for step in plan.steps] == [report]


def test_every_plan_over_the_sample_is_in_order_and_has_right_hashes(sample):
    keys = [*sample.experiments.by_key, *sample.comparison.by_key()]
    plan = plan_rerun(sample, keys)
    position = {step.key: index for index, step in enumerate(plan.steps)}
    for step in plan.steps:
        assert all(position[name] < position[step.key] for name in step.after)
        assert identity_hash(step.config) == step.digest
    left = {row.key: row.reason for row in plan.left_out}
    assert set(position) | set(left) == set(keys)
    assert any("LegacyStats" in key and "there is no experiment class" in reason for key, reason in left.items())
    assert any("does not fit today's class" in reason for reason in left.values())


def test_an_estimate_says_where_it_comes_from(sample):
    plan = plan_rerun(sample, sample.experiments.by_key)
    kinds = {step.estimate: step for step in plan.steps}
    assert kinds["last-run"].seconds is not None
    assert kinds["none"].seconds is None
    assert plan.unknown_times == sum(step.estimate == "none" for step in plan.steps)


FIELDS = """
import enum
from pathlib import Path

import huldra


class Split(enum.Enum):
    TRAIN = "train"
    TEST = "test"


class Data(huldra.Huldra[int]):
    split: Split = Split.TRAIN
    where: Path = Path("a.txt")
    maybe: Path | None = None
    sizes: tuple[int, ...] = (1, 2)
    words: frozenset[str] = frozenset()
    title: str = "a"

    def _create(self) -> int:
        return 1

    def _load(self) -> int:
        return 1


one = Data()
"""


def test_a_record_gets_its_kinds_back(tmp_path):
    project = snapshot_of(tmp_path, FIELDS).project
    recorded = ConfigValue(
        "lab.Data",
        (
            ("split", "test"),
            ("where", "b.txt"),
            ("maybe", None),
            ("sizes", ListValue((3,))),
            ("words", ListValue(("x",))),
            ("title", "b"),
        ),
    )
    test = EnumValue("lab.Split", "TEST", "test")
    restored = restore_config(recorded, project, {("lab.Data", "split", '"test"'): test})
    assert restored == ConfigValue(
        "lab.Data",
        (
            ("split", test),
            ("where", PathValue("b.txt")),
            ("maybe", None),
            ("sizes", TupleValue((3,))),
            ("words", SetValue(("x",), is_frozen=True)),
            ("title", "b"),
        ),
    )


def test_what_a_record_does_not_say_is_not_guessed(tmp_path):
    project = snapshot_of(tmp_path, FIELDS).project
    restored = restore_config(ConfigValue("lab.Data", (("maybe", "b.txt"),)), project, {})
    assert isinstance(restored, CannotRestore)
    assert "lab.Data.maybe" in restored.reason


def test_the_source_of_a_config_builds_it(tmp_path):
    snapshot = snapshot_of(tmp_path, FIELDS)
    (experiment,) = snapshot.experiments.by_key.values()
    source = config_source(experiment.config, snapshot.project.modules)
    assert source.imports == ("lab", "pathlib")
    assert source.expression == (
        "lab.Data(split=lab.Split.TRAIN, where=pathlib.Path('a.txt'), maybe=None, sizes=(1, 2), "
        "words=frozenset(set()), title='a')"
    )
    assert source.faults == ()
