# A dataclass that changes itself after it was made, or is replaced, is followed; one with a setter of its own is not.
import dataclasses

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


@dataclasses.dataclass
class Run:
    name: str
    lr: float = 0.1
    layers: list = dataclasses.field(default_factory=lambda: [64, 64])

    def __post_init__(self):
        if self.lr > 1:
            self.layers = self.layers[:1]
        self.label = f"{self.name}-{len(self.layers)}"


@dataclasses.dataclass
class Clipped:
    lr: float = 0.1

    def __setattr__(self, name, value):
        object.__setattr__(self, name, min(value, 1))


base = Run("a")
hot = dataclasses.replace(base, lr=2.0)
base.layers = [1]
late = dataclasses.replace(base, name="b")
a = T(v=hot.layers)  # config(T): {v: [64]}
b = T(v=(hot.label, late.label))  # config(T): {v: ('a-1', 'b-1')}
c = T(v=dataclasses.asdict(late))  # config(T): {v: {'name': 'b', 'lr': 0.1, 'layers': [1]}}
base.extra = 5
d = T(v=list(vars(dataclasses.replace(base))))  # config(T): {v: ['name', 'lr', 'layers', 'label']}
e = T(v=Clipped(3).lr)  # unknown(v): an instance of case.Clipped, which sets its attributes by itself
