# A deep copy shares what the original shares, and nothing with the original; a class that says how it is copied is left.
import copy
import dataclasses

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self):
        return 1

    def _load(self):
        return 1


@dataclasses.dataclass
class Optim:
    lr: float = 0.1
    betas: list = dataclasses.field(default_factory=lambda: [0.9])


@dataclasses.dataclass
class Config:
    optim: Optim = dataclasses.field(default_factory=Optim)
    data: object = None
    seed: int = 0

    def override(self, **changes):
        changed = copy.deepcopy(self)
        for key, value in changes.items():
            *path, last = key.split("__")
            holder = changed
            for part in path:
                holder = getattr(holder, part)
            setattr(holder, last, value)
        return changed


class Custom:
    def __deepcopy__(self, memo):
        return self


base = Config(data=T(v=1))  # config(T): {v: 1}
tuned = base.override(optim__lr=0.5, seed=3)
tuned.optim.betas.append(0.99)
a = T(v=dataclasses.astuple(tuned.optim))  # config(T): {v: (0.5, [0.9, 0.99])}
b = T(v=(base.optim.lr, base.optim.betas, base.seed))  # config(T): {v: (0.1, [0.9], 0)}
c = T(v=tuned.data)  # config(T): {v: T{v: 1}}
shallow = copy.copy(base)
shallow.optim.lr = 7
d = T(v=base.optim.lr)  # config(T): {v: 7}
row = [1]
twice = copy.deepcopy([row, row])
twice[0].append(2)
e = T(v=(twice, row))  # config(T): {v: ([[1, 2], [1, 2]], [1])}
f = T(v=copy.deepcopy(Custom()))  # unknown(v): a copy of a Custom, which has __deepcopy__
