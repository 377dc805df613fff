"""Text of a store or of code as it may be shown: nothing in it moves a cursor, or turns the direction of writing."""

# Marks and overrides of the writing direction change the order in which the rest of a line is shown.
_DIRECTIONS = (0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))
CONTROLS = dict.fromkeys((*range(32), *range(127, 160), *_DIRECTIONS), "\ufffd") | dict.fromkeys((9, 10, 13), " ")
"""For `str.translate`: one character for each, so that what is counted in characters stays right."""


def harmless(text: str) -> str:
    """Return text without what would move the cursor or turn the direction of writing; its lines stay."""
    return "\n".join(line.translate(CONTROLS) for line in text.split("\n"))
