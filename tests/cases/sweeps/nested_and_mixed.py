# What varies inside a nested config is named by its path; members of several classes vary in their class.
import huldra


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class Model(Base):  # class: case.Model
    depth: int = 1
    width: int = 2


class Wide(Base):  # class: case.Wide
    width: int = 9


class Train(Base):  # class: case.Train
    model: Base
    seed: int = 0


deep = [Train(model=Model(depth=depth)) for depth in (1, 2)]  # sweep(Train): model.depth: 1, 2
mixed = [Train(model=model) for model in (Model(), Wide())]  # sweep(Train): model: Model{depth: 1, width: 2}, Wide{width: 9}
kinds = [kind(width=3) for kind in (Model, Wide)]  # sweep(kind): __class__: Model, Wide; depth: 1, None
