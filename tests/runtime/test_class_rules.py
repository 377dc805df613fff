"""Which attributes are fields, in what order, with which defaults: the 50 recorded class bodies."""

import re
import sys
import types

import pytest
from chz.util import MISSING_TYPE

from huldra.formats.identity import canonical_json
from huldra.runtime.fields import field_table
from huldra.runtime.values import to_value
from tests.runtime.vectors import CLASS_RULES, ERRORS, error_of

CASES = [pytest.param(case, id=f"{case['id']} {case['title']}") for case in CLASS_RULES["cases"]]


@pytest.fixture
def module(case):
    """The empty module that a case's source is run in, known by its name while the test runs."""
    module = types.ModuleType(case["module"])
    sys.modules[module.__name__] = module
    yield module
    del sys.modules[module.__name__]


def row(field):
    has_default = not isinstance(field._default, MISSING_TYPE)
    has_factory = not isinstance(field._default_factory, MISSING_TYPE)
    return {
        "name": field.logical_name,
        "required": not has_default and not has_factory,
        "default": repr(field._default) if has_default else None,
        "default_factory": has_factory,
        "munged": field._munger is not None,
    }


def without_addresses(rows):
    return [{**row, "default": row["default"] and re.sub(" at 0x[0-9a-f]+", "", row["default"])} for row in rows]


def test_all_cases_are_here():
    assert len(CASES) == 50


@pytest.mark.parametrize("case", CASES)
def test_class_rule(case, module):
    source = compile(case["source"], case["module"], "exec", dont_inherit=True)
    if "import_error" in case:
        with pytest.raises(ERRORS[case["import_error"]["type"]]):
            exec(source, vars(module))  # noqa: S102
        return
    exec(source, vars(module))  # noqa: S102
    found = [row(field) for field in field_table(module.K).values()]
    assert without_addresses(found) == without_addresses(case["fields"])
    assert module.K.version_controlled is case["version_controlled"]
    if expected := error_of(case, "default_instance"):
        with pytest.raises(expected):
            _ = module.K().huldra_hash
    else:
        config = module.K()
        assert canonical_json(to_value(config)) == case["default_instance"]["canonical_json"]
        assert config.huldra_hash == case["default_instance"]["hash"]
