"""What is kept of the state of an index that was judged, so that the next one can be told to bring nothing new."""

from huldra.analysis.kept import LazyFacts
from huldra.analysis.kept_experiments import KeptExperiments
from huldra.analysis.looked_at import encode_looked_at
from huldra.analysis.no_news import Standing
from huldra.analysis.scanned import Texts
from huldra.analysis.two_states import TwoStates


def standing_of(states: TwoStates, limit: int) -> Standing | None:
    """Return what is known of the index after it was compared with HEAD; None where that is too little.

    Args:
        states: HEAD, and the index; all of it that anybody wants to know has been asked for.
        limit: Files past so many bytes are not read.
    """
    after = states.after
    inputs, facts, commit = after.inputs, after.project.facts, states.before.inputs.revision
    experiments = inputs.kept_experiments
    if commit is None or states.doubts or states.differing is None or not isinstance(experiments, KeptExperiments):
        return None
    # What a run was made with may be had later, and then today's code of its class counts, which nobody has looked at.
    if any(run.verdict == "unverifiable" for run in after.comparison.runs):
        return None
    looked_at = experiments.looked_at
    if looked_at is None or not isinstance(facts, LazyFacts) or not isinstance(inputs.texts, Texts):
        return None
    counting = {*after.project.relevant, *facts.asked_for(), *inputs.texts.asked_for, *looked_at.files}
    evidence = encode_looked_at(looked_at.trace, after.reached)
    return Standing(commit, states.differing, limit, frozenset(inputs.texts.words), counting, evidence)
