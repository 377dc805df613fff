"""A file's pieces: put together they are the file again, and a broken one leaves its neighbours alone."""

import random
import warnings
from pathlib import Path

import pytest

from huldra.facts.collect import collect_facts
from huldra.facts.encoding import DamagedFactsError, decode_facts, encode_facts
from huldra.facts.pieces import split_again, split_pieces, split_text
from huldra.facts.statements import ClassDefinition, FunctionDefinition
from huldra.facts.tokens import scan_tokens
from tests.unit.test_facts_positions import stdlib_files


def test_pieces_of_real_files_are_whole_statements() -> None:
    count = 0
    for path in stdlib_files(40):
        try:
            text = path.read_text(encoding="utf-8")
            compile(text, str(path), "exec", dont_inherit=True)
        except (SyntaxError, UnicodeDecodeError, ValueError):
            continue
        pieces = split_pieces(text)
        assert "".join(piece.text for piece in pieces) == text
        lines = [piece.first_line for piece in pieces]
        assert lines == sorted(set(lines))
        for piece in pieces:
            compile(piece.text, f"{path}:{piece.first_line}", "exec", dont_inherit=True)
        count += len(pieces)
    assert count > 500


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("", []),
        ("\n\n", [0]),
        ("# only a comment\n", [0]),
        ("x = 1\ny = 2\n", [0, 1]),
        ("x = 1; y = 2\nz = 3\n", [0, 1]),
        ("# c\n\nx = 1\n# d\ny = 2\n", [0, 4]),
        ("if a:\n    b\nelse:\n    c\nd\n", [0, 4]),
        ("try:\n    a\nexcept E:\n    b\nfinally:\n    c\nd\n", [0, 6]),
        ("@a\n@b(\n1)\ndef f():\n    pass\nx\n", [0, 5]),
        ("x = '''\ny = 1\n'''\nz\n", [0, 3]),
        ("x = (\n1,\n2)\nz\n", [0, 3]),
        ("x = 1 + \\\n2\nz\n", [0, 2]),
        ("f'''{\nx\n}'''\nz\n", [0, 3]),
        ("f'{x['a']}'; y = f'{x!r:>{w}}'\nz\n", [0, 1]),
        ("x = f'{a:'\nz\n", [0, 1]),
        ("\fx = 1\n\fy = 2\n", [0, 1]),
    ],
)
def test_where_pieces_begin(text: str, starts: list[int]) -> None:
    pieces = split_pieces(text)
    assert [piece.first_line for piece in pieces] == starts
    assert "".join(piece.text for piece in pieces) == text


_TYPED = (
    *("(", ")", "[", "{", "}", '"""', "'''", '"', "'", "\n", "\n\n", "\\\n", "\f", 'f"{', "#", ""),
    *("def f():\n", "    x\n", "  y\n", "else:\n", "@a\n", "class K:\n", "if a:\n", "import a\n", "return\n"),
    *("<<<<<<< a\n", ">>>>>>> b\n"),
)


@pytest.mark.parametrize("seed", range(6))
def test_a_text_is_split_as_if_nothing_was_known_of_the_one_before(seed: int) -> None:
    choose = random.Random(seed)
    text = Path(__file__).with_name("test_walk.py").read_text(encoding="utf-8")
    before, texts, known = split_text(text), [text], 0
    for _ in range(40):
        at = choose.randrange(len(text) + 1)
        is_undone = choose.random() < 0.3
        gone = choose.choice((0, 0, 0, 1, 5, 60))
        text = choose.choice(texts) if is_undone else text[:at] + choose.choice(_TYPED) + text[at + gone :]
        now = split_again(text, before)
        assert now.pieces == split_pieces(text)
        known += any(piece is old for piece in now.pieces for old in before.pieces)
        before = now
        texts.append(text)
    assert known > 0  # or nothing was split by what was known


@pytest.mark.parametrize(
    "broken",
    [
        "x = (1,\n",
        "x = 'abc\n",
        "x = [f(1}\n",
        "def f(:\n    pass\n",
        "class :\n    x\n",
        "x = = 1\n",
        "  y = 2\n",
        "$\n",
    ],
)
def test_a_broken_piece_leaves_the_rest_alive(broken: str) -> None:
    facts = collect_facts(f"import a\n\n{broken}\ndef g():\n    return 1\n\nclass K:\n    pass\n")
    problems = [piece.facts.problem for piece in facts.pieces if piece.facts.problem is not None]
    names = [
        s.name for p in facts.pieces for s in p.facts.statements if isinstance(s, FunctionDefinition | ClassDefinition)
    ]
    assert len(problems) == 1
    assert names == ["g", "K"]


def test_an_open_string_ends_where_no_string_could_go_on() -> None:
    facts = collect_facts("x = '''never closed\nprose\n\nclass K:\n    pass\n")
    assert [piece.facts.problem is None for piece in facts.pieces] == [False, True]
    assert facts.pieces[1].first_line == 3


@pytest.mark.parametrize(
    ("text", "alive"),
    [
        ("x = f(\n    a,\n    b\ny = 2\nz = (1,\n2)\n", [3, 4]),
        ("x = {'a': f(1,\n}\ny = 2\nfrom a import b\n", [2, 3]),
        ("x = [\nfor i in y:\n    pass\nelse:\n    pass\nz = 1\n", [1, 5]),
        ("x = '''a\ny = 2\nclass K: pass\nz = 3\n", [2, 3]),
        ("x = f'{a\ny = 2\n", [1]),
        ("a = 1\n  b = 2\nc = 3\n", [2]),
        ("if a:\nb\nc = 3\n", [1, 2]),
        ("try:\n    a\nb = 1\n", [2]),
        ("else:\n    a\nb = 1\n", [2]),
        ("@a\n\nx = 1\ny = 2\n", [3]),
        ("x = 1 \\\n\ny = 2\n", [0, 2]),
        ("x = 'a' b'c'\ny = 2\n", [1]),
        ("x = t'a' t'b'\ny = 2\n", [0, 1]),
        ("x = t'a' 'b'\ny = 2\n", [1]),
        ("x = '\ud800'\ny = 2\n", [1]),
        ("def f(*): pass\ndef g(): pass\n", [1]),
        # What is typed at the margin tears a body in two: the half above is not what the function was.
        ("def f():\n    a = 1\nb\n    return a\ndef g(): pass\n", [4]),
        ("def f():\n    a = 1\nb(\n    return a\ndef g(): pass\n", [4]),
        ("class K:\n    a = 1\nb.\n\n    c = 3\n    d = 4\nz = 1\n", [6]),
        ("def f():\n    a = 1\nb = [\n    1,\n    2,\ndef g(): pass\n", [0, 5]),
        ("def f():\n    a = 1\nb = g(\n    1)\nc = 2\n", [0, 2, 4]),
        ("def f():\n    a = 1\n<<<<<<< HEAD\n    b = 1\n=======\n    b = 2\n>>>>>>> x\n    return b\nz = 1\n", [8]),
        ("a = 1\n<<<<<<< HEAD\nb = 1\nc = 1\n=======\nb = 2\nc = 1\n>>>>>>> x\nz = 1\n", [0, 8]),
        ("<<<<<<< HEAD\nb = 1\n=======\nb = 2\nz = 1\n", [1, 3, 4]),
    ],
)
def test_which_neighbours_of_a_broken_piece_live(text: str, alive: list[int]) -> None:
    pieces = collect_facts(text).pieces
    assert [piece.first_line for piece in pieces if piece.facts.problem is None] == alive
    assert sum(piece.line_count for piece in pieces) == text.count("\n")


@pytest.mark.parametrize("quotes", ["'''", '"""'])
def test_an_open_string_is_read_at_once_whatever_is_in_it(quotes: str) -> None:
    # Where a character could be read in two ways, these would take longer than there is time.
    text = f"x = {quotes}{'a!b' * 2_000}\n".replace("!", "\\")
    assert [piece.text for piece in split_pieces(f"{text}import y\n")] == [text, "import y\n"]
    (escaped,) = scan_tokens(f"{quotes}\\{quotes} is not the end\n")[:1]
    assert (escaped.kind, escaped.end) == ("ERROR", len(f"{quotes}\\{quotes} is not the end"))


def test_quotes_typed_above_other_strings_cost_one_function() -> None:
    rest = 'def g():\n    """About g."""\n\n\nclass K:\n    """About K."""\n\n    x = 1\n\n\ny = 2\n'
    facts = collect_facts('def f():\n    """\n    return 1\n\n\n' + rest)
    assert [piece.facts.problem is None for piece in facts.pieces] == [False, True, True, True]
    assert [piece.facts for piece in facts.pieces[1:]] == [piece.facts for piece in collect_facts(rest).pieces]


def test_half_a_character_is_a_problem_with_its_place() -> None:
    problem = collect_facts("x = 1\ny = (\n'\ud800')\n").pieces[1].facts.problem
    assert problem is not None
    assert problem.at == (1, 1, 1, 2)


def test_line_ends_and_marks_do_not_matter() -> None:
    plain = collect_facts("x = 1\ny = '''a\nb'''\n")
    assert collect_facts("\ufeffx = 1\r\ny = '''a\r\nb'''\r\n") == plain
    assert collect_facts("x = 1\ry = '''a\rb'''\r") == plain


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("import a\ndef broken(:\n    pass\n", (2, 12)),
        ("a\n\nx = = 1\n", (3, 5)),
        ("a\nb\nx = (1,\n\n\ny\n", (3, 5)),
        ("class K:\n    def f():\n        if a:\n            x\n\t    y\n", (5, 1)),
        ("a\nx = 'abc\n", (2, 5)),
        ("名前 = 'üü' $ 1\n", (1, 11)),
        ("x = '''abc\n\n", (1, 5)),
        (r"x = '\d' b", (1, 10)),
        ("a\nx = (", (2, 5)),
        ("a\nx = (1]\n", (2, 7)),
    ],
)
def test_a_problem_stands_where_python_stops(text: str, place: tuple[int, int]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ((line, problem),) = ((p.first_line, p.facts.problem) for p in collect_facts(text).pieces if p.facts.problem)
    assert (line + problem.at[0] + 1, problem.at[1] + 1) == place


@pytest.mark.parametrize("text", ["x = f(f'{a b}')\n", "class A[T]:\n    x = 1\n    y = 2\n    z = 3\n\n    w = = 4\n"])
def test_a_problem_stands_on_the_right_line_whichever_python_reads_it(text: str) -> None:
    problem = collect_facts(text).pieces[0].facts.problem
    assert problem is not None
    assert problem.at[0] == text.count("\n") - 1


def test_a_nul_byte_is_a_problem_with_its_place() -> None:
    facts = collect_facts("x = 1\ny = '\0'\n")
    assert facts.pieces == ()
    assert facts.problem is not None
    assert facts.problem.at == (1, 5, 1, 6)


def test_nesting_past_all_reason_is_a_problem() -> None:
    facts = collect_facts("x = " + "(" * 3000 + ")" * 3000 + "\ny = 1\n")
    assert facts.pieces[0].facts.problem is not None
    assert facts.pieces[1].facts.problem is None


@pytest.mark.parametrize(
    "text",
    [
        "t'{x!r:>{w}} {{}}'\n",
        "try:\n    pass\nexcept A, B:\n    pass\n",
        "class A[T: int = str, *Ts, **P]: pass\n",
        "type X[T] = list[T]\n",
        "type X[**P = [int], *Ts = *tuple[int]] = f[P]\n",
        "try:\n    pass\nexcept* A, B:\n    pass\n",
        "x = a[*b, 1]\n",
        "x = f'{f'{f'{1}'}'}'\n",
        "x = f'''{\na # comment }\n}'''\n",
        "with (a as b, c as d,): pass\n",
        "def f[T](x: T) -> T: return x\n",
        'f"{x["a"]} {"\\n".join(y)}"\n',
        "def f(*args: *Ts): pass\n",
    ],
)
def test_syntax_newer_than_the_python_that_reads_it(text: str) -> None:
    facts = collect_facts(f"{text}after = 1\n")
    assert [piece.facts.problem for piece in facts.pieces] == [None, None]


def test_facts_survive_the_cache() -> None:
    for path in stdlib_files(200):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        facts = collect_facts(text)
        data = encode_facts(facts)
        assert decode_facts(data) == facts
        assert encode_facts(collect_facts(text)) == data


@pytest.mark.parametrize("data", [b"", b"\x93", b"not facts", b"\x00" * 20])
def test_damaged_bytes_are_said_to_be_damaged(data: bytes) -> None:
    with pytest.raises(DamagedFactsError):
        decode_facts(data)


def test_huge_numbers_and_lone_surrogates_can_be_kept() -> None:
    facts = collect_facts(f"x = {'9' * 3000}\ny = '\\ud800'\n")
    assert decode_facts(encode_facts(facts)) == facts
