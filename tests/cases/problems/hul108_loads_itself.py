# An experiment whose result needs itself is a problem where that is asked for; one that ends is none.
import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class Left(Base):  # class: case.Left
    n: int = 0

    def _create(self):
        return Right(n=self.n).load_or_create()  # problem: HUL108 Left needs Right needs Left


class Right(Base):  # class: case.Right
    n: int = 0

    def _create(self):
        return Left(n=self.n).load_or_create()  # problem: HUL108 Right needs Left needs Right


class Step(Base):  # class: case.Step
    n: int = 0

    def _create(self):
        if self.n > 0:
            return Step(n=self.n - 1).load_or_create()
        return 0


class Maybe(Base):  # class: case.Maybe
    def _create(self):
        if input():
            return Maybe().load_or_create()
        return 0


class Built(Base):  # class: case.Built
    def _create(self):
        return Built().huldra_dir


loop = Left()
steps = Step(n=2)
maybe = Maybe()
built = Built()
