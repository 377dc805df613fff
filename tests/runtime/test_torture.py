"""The crash test, in its short form; `make torture` is the long one."""

from tests.runtime.torture import torture


def test_thirty_kills_break_no_promise(tmp_path):
    counts, broken = torture(tmp_path, kills=30, seed=7)
    assert broken == []
    assert sum(count for what, count in counts.items() if what.startswith("killed by")) == 30
    assert counts["results returned"] > 30
    assert counts["attempts started"] > counts["experiments"]
