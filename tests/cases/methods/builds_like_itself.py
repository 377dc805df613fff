# A method that builds an experiment without naming its class is followed: a variation of itself, its class, its `cls`.
import dataclasses

import huldra
from huldra import chz
from huldra.chz import replace as changed


class Train(huldra.Huldra[int]):  # class: case.Train
    n: int = 0

    def at(self, n):
        return chz.replace(self, n=n)  # config(replace): {n: 10}

    @classmethod
    def make(cls, n):
        return cls(n=n)  # config(cls): {n: 11}

    def _create(self):
        if self.n < 1:
            self.at(10).load_or_create()
            self.make(11)
            type(self)(n=12)  # config: {n: 12}
            self.__class__(n=13)  # config: {n: 13}
        return 1

    def _load(self): return 1


class Counted(huldra.Huldra[int]):  # class: case.Counted
    n: int = 0

    def _create(self):
        # config(replace): {n: 0}; {n: 1}
        return chz.replace(self, n=self.n - 1).load_or_create() if self.n else 0

    def _load(self): return 1


class Renamed(huldra.Huldra[int]):  # class: case.Renamed
    n: int = 0

    def _create(self):
        return changed(self, n=self.n + 1).load_or_create() if self.n < 1 else 0  # config(changed): {n: 1}

    def _load(self): return 1


@dataclasses.dataclass
class Plain:
    n: int = 0


class Quiet(huldra.Huldra[int]):  # class: case.Quiet
    text: str = "a"

    def _create(self):
        return dataclasses.replace(Plain(), n=len(self.text.replace("a", "b")))

    def _load(self): return 1


train = Train()  # config(Train): {n: 0}
counted = Counted(n=2)  # config(Counted): {n: 2}
quiet = Quiet()  # config(Quiet): {text: 'a'}
renamed = Renamed()  # config(Renamed): {n: 0}
