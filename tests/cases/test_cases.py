"""Every case file: each answer that it asks for, that nothing else is reported, and that real Python agrees."""

from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from tests.harness.agreement import contradictions
from tests.harness.answers import ASKED, COMPLETE, KINDS, WHERE_USED, Analysis, fits
from tests.harness.case_files import Case, Marker, read_case, rewrite
from tests.harness.real_python import run_case

HERE = Path(__file__).parent
CASES = tuple(read_case(path, KINDS) for path in sorted(HERE.glob("*/**/*.py")))


def identify(case: Case, line: int) -> str:
    return f"{case.path.relative_to(HERE).as_posix()}:{line}"


@lru_cache(maxsize=4)
def analyse(path: Path) -> Analysis:
    return Analysis(next(case for case in CASES if case.path == path))


ASKS = [(case, marker) for case in CASES for marker in case.markers if marker.kind in ASKED]


@pytest.mark.parametrize(("case", "marker"), ASKS, ids=[identify(case, marker.line) for case, marker in ASKS])
def test_answer(case: Case, marker: Marker, request: pytest.FixtureRequest) -> None:
    answer = ASKED[marker.kind](analyse(case.path), marker)
    if not fits(marker.kind, marker.expected, answer) and request.config.getoption("--update"):
        rewrite(case, {marker.line: (marker, answer)})
        return
    assert fits(marker.kind, marker.expected, answer), f"{case.title}\n  expected: {marker.expected}\n  answer:   {answer}"


@pytest.mark.parametrize("case", CASES, ids=[identify(case, 1) for case in CASES])
def test_nothing_else_is_reported(case: Case, request: pytest.FixtureRequest) -> None:
    for kind, report in COMPLETE.items():
        wanted = [marker for marker in case.markers if marker.kind == kind]
        if kind in WHERE_USED and not wanted:
            continue
        left = Counter(report(analyse(case.path)))
        unmet: list[Marker] = []
        for marker in wanted:
            match = next((r for r in left.elements() if r[0] == marker.target and fits(kind, marker.expected, r[1])), None)
            if match is None:
                unmet.append(marker)
            else:
                left[match] -= 1
        if unmet and request.config.getoption("--update"):
            for marker in unmet:
                match = next((report for report in left.elements() if report[0] == marker.target), None)
                if match is not None:
                    left[match] -= 1
                    rewrite(case, {marker.line: (marker, match[1])})
                    unmet = [other for other in unmet if other is not marker]
        extra = [f"{identify(case, line)}: {text}" for line, text in left.elements()]
        assert not extra, f"{case.title}\n  reported without a {kind} marker: {extra}"
        missing = [f"{identify(case, marker.line)}: {marker.expected}" for marker in unmet]
        assert not missing, f"{case.title}\n  {kind} markers that nothing answers: {missing}"


RUN = [case for case in CASES if case.is_run]


@pytest.mark.parametrize("case", RUN, ids=[identify(case, 1) for case in RUN])
def test_real_python_agrees(case: Case) -> None:
    found = list(contradictions(analyse(case.path), run_case(case.files)))
    assert not found, f"{case.title}\n  " + "\n  ".join(found)
