# A class that a function makes is decorated, derived and annotated with names that the function imports for itself.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


def folds(count):
    from dataclasses import asdict, dataclass, field, replace
    from typing import ClassVar

    @dataclass(frozen=True)
    class Fold:
        k: int
        total: int = 5
        names: tuple = field(default_factory=lambda: ("a", "b"))
        kind: ClassVar[str] = "fold"

    first = Fold(0)
    for fold in [first, *(replace(first, k=i) for i in range(1, count))]:
        yield T(v=f"fold{asdict(fold)['k']}of{fold.total}{fold.names[fold.k % 2]}")  # config(T): {v: 'fold0of5a'}; {v: 'fold1of5b'}; {v: 'fold2of5a'}


def others():
    import enum
    from abc import ABC, abstractmethod
    from typing import NamedTuple

    class Pair(NamedTuple):
        a: int
        b: int = 2

    class Colour(enum.Enum):
        RED = 1

    class Task(ABC):
        @abstractmethod
        def go(self): ...

    class Run(Task):
        def __init__(self, n):
            self.n = n

        def go(self):
            return self.n

    T(v=[Pair(1).b, Colour.RED.value, Run(5).go()])  # config(T): {v: [2, 1, 5]}


list(folds(3))
others()
T(v="after")  # config(T): {v: 'after'}
