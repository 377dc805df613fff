# A value that a validator refuses is reported at its argument.
import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


def short(self, name):
    if len(getattr(self, name)) > 3:
        raise ValueError("too long")


class Train(Base):  # class: case.Train
    epochs: int = chz.field(default=1, validator=chz.validators.gt(0))
    name: str = chz.field(default="", validator=short)

    @chz.validate
    def _check(self):
        if self.epochs > 100:
            raise ValueError("too many")


def wrong():
    return Train(
        name="abc",
        epochs=0,  # problem: HUL107 'epochs' must be > 0
    )


def wrong_too():
    return Train(
        epochs=1 + 1,
        name="abcd",  # problem: HUL107 raises ValueError
    )


def wrong_as_a_whole():
    return Train(epochs=101)  # problem: HUL107 raises ValueError


right = Train(epochs=5, name="abc")  # config(Train): {epochs: 5, name: 'abc'}
