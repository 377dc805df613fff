"""Names of classes that functions make: the same at each call, for another class each time."""


class MadeName(str):
    """The `module.qualname` of a class that a function made, which leads to the one that was made then.

    It stands in the order of ancestors of the class itself and of those that were made with it as a base.
    """

    __slots__ = ("made",)

    def __init__(self, _name: str) -> None:
        super().__init__()
        self.made: object = None
