"""What code outside the project does with what it is given, by the names of packages and functions. Knows no code."""

import re
import sys

from huldra.fingerprints.called_members import CALL_NOTHING
from huldra.fingerprints.flows import ANNOTATIONS, DESCRIPTIONS, DOCSTRING
from huldra.fingerprints.source_texts import SOURCE
from huldra.formats.dialect import DIALECTS

_LIKE_PYTHON = (
    sys.stdlib_module_names | CALL_NOTHING | {"builtins", "tqdm", "rich", "loguru", *(d.name for d in DIALECTS)}
)
"""What calls no method of what it is given that has no double underscores, and may give it back."""
_ONLY_WRITTEN = re.compile(r"save|dump|write|log|print|show")
"""How the names of functions of libraries begin that write what they are given, as pickle does."""
_PROMPTING = re.compile(
    r"(agents|anthropic|autogen\w*|burr|controlflow|crewai\w*|dspy|fastmcp|google\.(genai|generativeai)|haystack|inspect_ai"
    r"|instructor|langchain\w*|langgraph\w*|litellm|llama_index|magentic|marvin|mcp|mirascope|ollama|openai|outlines"
    r"|pydantic_ai|semantic_kernel|smolagents|strands|vertexai)(\.|$)"
)
"""Packages that put the docstrings and annotations of functions and classes into prompts: tools, forms of answers."""
_READING = {
    **dict.fromkeys(
        ("inspect.getdoc", "pydoc.getdoc"),
        frozenset({DOCSTRING}),
    ),
    **dict.fromkeys(
        ("inspect.getsource", "inspect.getsourcelines", "inspect.getcomments", "inspect.findsource", "dill.source"),
        frozenset({DOCSTRING, SOURCE}),
    ),
    **dict.fromkeys(
        (
            *("inspect.signature", "inspect.getfullargspec", "inspect.get_annotations"),
            *("typing.get_type_hints", "typing_extensions.get_type_hints"),
        ),
        frozenset({ANNOTATIONS}),
    ),
}
_PROMPTING_METHODS = frozenset({"apply_chat_template", "bind_tools", "get_json_schema", "convert_to_openai_tool"})
SCHEMAS = frozenset({"model_json_schema", "models_json_schema", "json_schema", "schema_json"})
"""Attributes by which models of pydantic are asked for their schema, docstrings included."""


def is_library(name: str) -> bool:
    """Return whether something outside the project is of an installed package that may call what it is given."""
    return "." in name and " " not in name and name.partition(".")[0] not in _LIKE_PYTHON


def only_writes(function: str) -> bool:
    """Return whether a function of a library writes what it is given, by its last name."""
    return _ONLY_WRITTEN.match(function) is not None


def descriptions_read(name: str, function: str = "") -> frozenset[str]:
    """Return by which attributes something outside the project reads what is given to it says of itself.

    Args:
        name: What it is, by its dotted name; or the package that an object is of.
        function: The last name of what is called, which may be a method of that.
    """
    is_prompt = function in _PROMPTING_METHODS or _PROMPTING.match(name) is not None
    return DESCRIPTIONS if is_prompt else _READING.get(name, frozenset())
