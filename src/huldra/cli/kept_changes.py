"""What an answer says of whether the working tree differs from the commit, kept apart from all else that it says.

That comes and goes with an edit of any file, so that it is asked anew, and put in. Imports next to nothing.
"""

NOTHING_SAID = "-"


def place_in(out: bytes, *, is_dirty: bool, if_clean: bytes, if_dirty: bytes) -> str:
    """Return where and how an answer says it, as `said_now` reads it.

    Args:
        out: The answer.
        is_dirty: What it says.
        if_clean: The words that it has where nothing differs.
        if_dirty: The words that it has where something does. If both are equal, it does not say it.
    """
    if if_clean == if_dirty:
        return NOTHING_SAID
    said = if_dirty if is_dirty else if_clean
    if out.count(said) != 1:
        return str(int(is_dirty))  # which of them is meant, nobody knows: the answer is for this state only
    return f"{out.index(said)} {if_clean.hex()} {if_dirty.hex()} {int(is_dirty)}"


def said_now(out: bytes, place: str, *, is_dirty: bool) -> bytes | None:
    """Return an answer as it would be given now; None if that cannot be told.

    Args:
        out: The answer as it was given then.
        place: Where and how it says whether the working tree differs from the commit.
        is_dirty: Whether it does so now.
    """
    if place == NOTHING_SAID:
        return out
    *words, then = place.split(" ")
    if then == str(int(is_dirty)):
        return out
    if not words:
        return None
    begin, either = int(words[0]), (bytes.fromhex(words[1]), bytes.fromhex(words[2]))
    return out[:begin] + either[is_dirty] + out[begin + len(either[not is_dirty]) :]
