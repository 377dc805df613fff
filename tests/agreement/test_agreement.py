"""A few hundred generated programs: what the engine predicts is what the runtime builds. See long_run for many more."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.agreement.compare import AFTER_A_LIMIT, compare, predict
from tests.agreement.programs import Program, programs
from tests.agreement.running import Worker

LIMITS = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def worker():
    with Worker() as started:
        yield started


def check(worker: Worker, program: Program) -> None:
    result = compare(program, predict(program.files), worker.run(program, program.outcomes))
    texts = "\n".join(f"#: file {file}\n{text}" for file, text in program.files.items())
    found = [one for one in result.disagreements if one.kind != AFTER_A_LIMIT]
    assert not found, f"{found}\n{texts}"


@LIMITS
@given(program=programs())
def test_programs_without_unknowns(worker, program):
    check(worker, program)


@LIMITS
@given(program=programs(with_unknowns=True))
def test_programs_with_unknowns(worker, program):
    check(worker, program)
