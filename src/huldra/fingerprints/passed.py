"""By which names a call passes arguments to what it certainly calls, and to nothing else. Plain functions only."""

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from huldra.facts.expressions import Name
from huldra.facts.statements import FunctionDefinition
from huldra.fingerprints.code import Code
from huldra.fingerprints.drafts import Draft
from huldra.fingerprints.flows_in import functions_of
from huldra.fingerprints.model import Reference
from huldra.fingerprints.resolve import Node

_PLAIN_DECORATORS = frozenset({"staticmethod", "classmethod"})


def add_passed(code: Code, drafts: Sequence[Draft]) -> None:
    """Let the references of calls say by which names arguments are passed, where it is known what gets them."""
    plain: dict[int, bool] = {}
    for draft in drafts:
        alone = Counter(reference.slot for reference in draft.references)
        for number, reference in enumerate(draft.references):
            target = reference.target
            if not isinstance(target, int) or not reference.is_called or reference.rest or alone[reference.slot] > 1:
                continue
            if target not in plain:
                plain[target] = _is_plain(code, drafts[target].node)
            if plain[target]:
                draft.references[number] = replace(reference, passed=_names(draft, reference))


def _names(draft: Draft, reference: Reference) -> tuple[str, ...]:
    form = draft.described.form
    return tuple(sorted(form.uses.passed.get(form.mentions[reference.slot].at, ())))


def _is_plain(code: Code, node: Node) -> bool:
    """Whether what is called is one function as it is written, which takes no names that it does not say."""
    functions = functions_of(code, node) if node.kind in {"function", "method"} else ()
    return len(functions) == 1 and all(_takes_its_own(each) for each in functions)


def _takes_its_own(function: FunctionDefinition) -> bool:
    names = {decorator.id if isinstance(decorator, Name) else "" for decorator in function.decorators}
    return names <= _PLAIN_DECORATORS and all(each.kind != "var_keyword" for each in function.parameters)
