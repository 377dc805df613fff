"""The pytest plug-in, in a test run of its own."""

pytest_plugins = ["pytester"]

TESTS = """
import huldra

STORES = []

def test_one(tmp_path):
    assert huldra.HULDRA_CONFIG.base_root == tmp_path / "data-huldra"
    STORES.append(huldra.HULDRA_CONFIG.base_root)

def test_two(huldra_store):
    import os
    assert huldra.HULDRA_CONFIG.base_root == huldra_store
    assert os.environ["HULDRA_PATH"] == str(huldra_store)
    assert huldra_store not in STORES
"""


def test_each_test_has_a_store_of_its_own(pytester):
    pytester.makepyfile("import huldra\nhuldra.HULDRA_CONFIG\n" + TESTS)
    pytester.runpytest_subprocess().assert_outcomes(passed=2)


def test_it_can_be_turned_off(pytester):
    pytester.makeini("[pytest]\nhuldra_store = off\n")
    pytester.makepyfile(
        "import huldra, pathlib\nhuldra.HULDRA_CONFIG\n"
        "def test_it(tmp_path):\n    assert tmp_path not in huldra.HULDRA_CONFIG.base_root.parents\n"
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_who_does_not_use_the_runtime_does_not_pay(pytester):
    pytester.makepyfile("import sys\ndef test_it():\n    assert 'chz' not in sys.modules\n")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)
