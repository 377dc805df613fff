"""What is kept of a state of the code that was judged, so that another one can be told to change nothing."""

from collections.abc import Iterator

from msgspec import Struct

from huldra.analysis.kept import LazyFacts
from huldra.analysis.kept_experiments import KeptExperiments
from huldra.analysis.looked_at import encode_looked_at
from huldra.analysis.no_news import Standing
from huldra.analysis.observing import SeenCode
from huldra.analysis.scanned import Texts
from huldra.analysis.snapshot import Snapshot
from huldra.analysis.two_states import TwoStates
from huldra.fingerprints.data_files import DataFiles


def standing_of(states: TwoStates, limit: int) -> Standing | None:
    """Return what is known of the index after it was compared with HEAD; None where that is too little.

    Args:
        states: HEAD, and the index; all of it that anybody wants to know has been asked for.
        limit: Files past so many bytes are not read.
    """
    before, after, commit = states.before, states.after, states.before.inputs.revision
    if commit is None or states.doubts or states.differing is None:
        return None
    # What a run was made with may be had later, and then today's code of its class counts, which nobody has looked at.
    if any(run.verdict == "unverifiable" for run in after.comparison.runs):
        return None
    # What comes to lie in a directory is no change of a file that was asked for.
    if any(True for each in (before.inputs.data, after.inputs.data) for _ in each.patterns()):
        return None
    looked_at, looked_at_before = _looked_at(after), _looked_at(before)
    if looked_at is None or looked_at_before is None:
        return None
    # What was judged before is not judged again where nothing bears on it, so that it was looked at there alone.
    counting = looked_at.files | looked_at_before.files
    data = frozenset(name for each in (before.inputs.data, after.inputs.data) for name in _asked(each))
    return Standing(
        commit, states.differing, limit, looked_at.words | looked_at_before.words, counting, looked_at.evidence, data
    )


def _asked(data: DataFiles) -> Iterator[str]:
    """Yield what was asked for; that something lies in a directory does not change when more comes to lie there."""
    yield from (name for name in data.asked() if not data.is_directory(name))


def seen_code(snapshot: Snapshot) -> SeenCode | None:
    """Return what was seen of a state of the code on disk, after all that anybody wants to know was asked of it."""
    texts, facts = snapshot.inputs.texts, snapshot.project.facts
    looked_at = _looked_at(snapshot)
    if looked_at is None or not isinstance(texts, Texts) or not isinstance(facts, LazyFacts):
        return None
    keys = {name: key for name in looked_at.files if name in texts and (key := facts.key(name)) is not None}
    words = {name: tuple(word for word in texts.words if word in texts.aside(name)) for name in keys}
    return SeenCode(looked_at.evidence, looked_at.files, keys, words)


class _LookedAt(Struct, frozen=True):
    """What was looked at, in which files, and for which words in all files."""

    evidence: bytes
    files: frozenset[str]
    words: frozenset[str]


def _looked_at(snapshot: Snapshot) -> _LookedAt | None:
    inputs, facts = snapshot.inputs, snapshot.project.facts
    experiments = inputs.kept_experiments
    if not isinstance(experiments, KeptExperiments) or not isinstance(facts, LazyFacts):
        return None
    looked_at = experiments.looked_at
    if looked_at is None or not isinstance(inputs.texts, Texts):
        return None
    files = {*snapshot.project.relevant, *facts.asked_for(), *inputs.texts.asked_for, *looked_at.files}
    evidence = encode_looked_at(looked_at.trace, snapshot.reached)
    return _LookedAt(evidence, frozenset(files), frozenset(inputs.texts.words))
