# An inherited _create is run for each class that has it, with the attributes of that class.
import huldra


class Base(huldra.Huldra[int]):  # class: case.Base
    DEPTH = 0

    def _create(self):
        return Model(depth=self.DEPTH).load_or_create()  # configs(Model): {depth: 1}; {depth: 2}

    def _load(self): return 1


class Model(Base):  # class: case.Model
    depth: int

    def _create(self): return 1


class Small(Base):  # class: case.Small
    DEPTH = 1


class Large(Base):  # class: case.Large
    DEPTH = 2

    def _create(self):
        return super()._create()


small = Small()  # edges(Small): method _create, line 8: Model{depth: 1}
large = Large()  # edges(Large): method _create, line 27: Model{depth: 2}
