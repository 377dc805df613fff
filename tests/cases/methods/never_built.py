# The methods of a class of which no config is built are run on an instance of which nothing is known.
import huldra


class Base(huldra.Huldra[int]):  # class: case.Base
    def _load(self): return 1


class Data(Base):  # class: case.Data
    name: str

    def _create(self): return 1


class Train(Base):  # class: case.Train
    corpus: str

    def _create(self):
        Data(name="fixed")  # config(Data): {name: 'fixed'}
        Data(name=self.corpus)  # unknown(name): an attribute of an instance of Train
        return 1
