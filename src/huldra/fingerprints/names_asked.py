"""Which functions and classes something asks for their names: `{f.__name__: f(x) for f in METRICS}`.

Of those another name is another result. Where it cannot be told what is asked, it may be any.
"""

from collections.abc import Container, Sequence

from huldra.facts.statements import FunctionDefinition
from huldra.fingerprints.code import Code
from huldra.fingerprints.drafts import Draft
from huldra.fingerprints.flows import NAMES, flows_of
from huldra.fingerprints.flows_in import flows_in
from huldra.fingerprints.model import ANY_ASKED, ASKED_NAME, Reference
from huldra.fingerprints.points_to import PointsTo
from huldra.fingerprints.resolve import Node, Resolver

_OF_FRAMES = frozenset({"co_name", "co_qualname"})
_FRAMES = frozenset({"inspect.stack", "inspect.getframeinfo", "traceback.extract_stack", "traceback.extract_tb"})


def add_names_asked(code: Code, resolver: Resolver, drafts: Sequence[Draft]) -> None:
    """Let the definitions of a closure say that their names are asked for; the first, that any may be."""
    if any(map(_looks_at_frames, drafts)):  # of any that may be running then
        for draft in drafts:
            if draft.described.kind in {"function", "method"}:
                draft.references.append(Reference(-1, ASKED_NAME, ASKED_NAME))
    indices = {draft.node: number for number, draft in enumerate(drafts)}
    readers = [
        number for number, draft in enumerate(drafts) if _reads_names(draft) and not _is_by_others(code, draft, indices)
    ]
    if not readers:
        return
    analysis = PointsTo(code, [(draft.node, draft.described.context) for draft in drafts])
    for number, draft in enumerate(drafts):
        analysis.take_in(number, resolver, draft.described.context)
    analysis.run()
    found: set[tuple[str, str]] = set()
    for number in readers:
        asked = [analysis.at(number, places) for places in flows_in(code, drafts[number].node).named]
        if not asked or not all(asked):
            drafts[0].references.append(Reference(-1, ANY_ASKED, ANY_ASKED))
            return
        found.update(*asked)
    for kind, name in found:
        index = int(name) if kind in {"function", "method"} else indices.get(Node("class", name))
        if index is not None:
            drafts[index].references.append(Reference(-1, ASKED_NAME, ASKED_NAME))


def _is_by_others(code: Code, draft: Draft, known: Container[Node]) -> bool:
    """Whether only functions read names in what makes a value, which are definitions of their own."""
    node = draft.node
    statements = [s for s, _ in code.module_statements(node.module, node.name)] if node.kind == "value" else []
    functions = [each for each in statements if isinstance(each, FunctionDefinition)]
    if not functions or any(Node("function", each.name, node.module) not in known for each in functions):
        return False
    return not flows_of(each for each in statements if not isinstance(each, FunctionDefinition)).named


def _looks_at_frames(draft: Draft) -> bool:
    """Whether a definition reads the names of functions that are running: of itself, of whoever calls it."""
    paths = (mention.path for mention in draft.described.form.mentions)
    is_named = any(reference.target in _FRAMES for reference in draft.references)
    return (
        is_named
        or not _OF_FRAMES.isdisjoint(draft.described.form.attributes)
        or any(path and path[-1] in _OF_FRAMES for path in paths)
    )


def _reads_names(draft: Draft) -> bool:
    """Whether a definition reads a name of something, and not only to tell it people."""
    form = draft.described.form
    paths = (mention.path for mention in form.mentions if len(mention.path) > 1 or mention.kind != "name")
    return not NAMES.isdisjoint(form.attributes) or any(path and path[-1] in NAMES for path in paths)
