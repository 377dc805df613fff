"""The sentence that sums up a check."""

from huldra.features.check import Checked
from huldra.features.findings import STALE_CODES, time_text


def headline(checked: Checked) -> str:
    """Return what was found, in one sentence: `this change makes 12 stored runs stale (31 h of compute)`."""
    others = sum(finding.code not in STALE_CODES for finding in checked.findings)
    words: list[str] = []
    if checked.at_stake:
        count = len(checked.at_stake)
        runs = f"{count} stored {'run' if count == 1 else 'runs'}"
        time = time_text(checked.at_stake)
        unknown = sum(run.seconds is None for run in checked.at_stake)
        is_least = "at least " if unknown and time else ""
        compute = f" ({is_least}{time} of compute)" if time else ""
        is_change = checked.before is not None
        words.append(f"this change makes {runs} stale{compute}" if is_change else f"{_are(runs, count)} stale{compute}")
    if others:
        words.append(f"{others} {'finding' if others == 1 else 'findings'}")
    if not words:
        return "nothing found" if checked.before is None else "this change makes nothing stale that is stored"
    return ", and ".join(words)


def _are(runs: str, count: int) -> str:
    return f"{runs} {'is' if count == 1 else 'are'}"
