# A training loop in _create costs nothing, and what is built after it is still found.
import huldra


class Base(huldra.Huldra[int]):  # class: case.Base
    def _load(self): return 1


class Data(Base):  # class: case.Data
    name: str

    def _create(self): return 1


class Train(Base):  # class: case.Train
    steps: int

    def _create(self):
        loss = 0.0
        for step in range(self.steps):
            for other in range(100):
                loss += step * other
        count = 0
        while count < self.steps:
            count += 1
        Data(name="test")  # config(Data): {name: 'test'}
        return loss


short = Train(steps=10)
long = Train(steps=10**12)
