# An experiment that _create builds is a dependency, and an experiment that the code builds.
import huldra


class Base(huldra.Huldra[int]):  # class: case.Base
    def _load(self): return 1


class Data(Base):  # class: case.Data
    name: str
    size: int = 10

    def _create(self): return 1


class Train(Base):  # class: case.Train
    corpus: str
    lr: float = 0.1

    def _create(self):
        data = Data(name=self.corpus, size=20)  # config(Data): {name: 'wiki', size: 20}
        return len(data.load_or_create()) * self.lr


run = Train(corpus="wiki")  # edges(Train): method _create, line 20: Data{name: 'wiki', size: 20}
