"""Whether two pieces of plain data are the same, and not only equal: `1`, `1.0` and `True` are three values."""


def says_the_same(left: object, right: object) -> bool:
    """Whether two pieces of plain data say the same, the types of their values included."""
    return left is right or (left == right and repr(left) == repr(right))
