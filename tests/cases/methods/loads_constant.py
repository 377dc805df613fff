# A result that _create asks for is a dependency too, wherever its config was built; one held in a field is named once.
import huldra


class Base(huldra.Huldra[int]):  # class: case.Base
    def _load(self): return 1


class Data(Base):  # class: case.Data
    name: str

    def _create(self): return 1


SHARED = Data(name="shared")


class Train(Base):  # class: case.Train
    data: Data

    def _create(self):
        return self.data.load_or_create(), SHARED.load_or_create()


run = Train(data=Data(name="own"))  # edges(Train): field data: Data{name: 'own'}; method _create, line 21: Data{name: 'shared'}
