"""Where an answer says whether the working tree differs from the commit, and what it says once that has changed."""

from huldra.cli.kept_changes import place_in, said_now


def test_where_an_answer_says_that_something_differs_has_to_be_plain():
    words = {"if_clean": b"at 1\n", "if_dirty": b"at 1 and more\n"}
    place = place_in(b"a\nat 1\nb", is_dirty=False, **words)
    assert said_now(b"a\nat 1\nb", place, is_dirty=True) == b"a\nat 1 and more\nb"
    assert said_now(b"a\nat 1\nb", place, is_dirty=False) == b"a\nat 1\nb"
    twice = place_in(b"at 1\nat 1\n", is_dirty=False, **words)
    assert said_now(b"at 1\nat 1\n", twice, is_dirty=False) == b"at 1\nat 1\n"
    assert said_now(b"at 1\nat 1\n", twice, is_dirty=True) is None
