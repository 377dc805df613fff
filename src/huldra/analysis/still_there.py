"""Whether edits of files on disk leave all that an answer follows from as it is, told from what was looked at for it.

It is imported after each edit of a file that counts, in a process that does nothing else, most often: it asks no git.
"""

from collections.abc import Iterable
from pathlib import Path

from huldra.analysis.disk_cache import DiskCache
from huldra.analysis.kept_facts import KeptFacts
from huldra.analysis.looked_at import decode_looked_at, stands_unmoved


def stands_with(evidence: bytes, root: Path, edits: Iterable[tuple[str, bytes, str]]) -> bool:
    """Return whether edits of files leave all that was found as it is, and where it is.

    Effect: reads what is kept, parses what is not.

    Args:
        evidence: What was looked at, as `encode_looked_at` writes it.
        root: The root of the project.
        edits: Of each file its name, what names the text that it had, and its text now.
    """
    looked_at = decode_looked_at(evidence)
    if looked_at is None:
        return False
    kept = KeptFacts(DiskCache(root))
    try:
        for name, key, text in edits:
            before = kept.file_of_key(key)
            if before is None or not stands_unmoved(looked_at, name, before, kept.text(text)):
                return False
    finally:
        kept.save()
        kept.close()
    return True
