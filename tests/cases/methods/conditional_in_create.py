# Under a condition that only a run can tell, what _create builds is marked conditional; under a known one it is not.
import huldra


class Base(huldra.Huldra[int]):  # class: case.Base
    def _load(self): return 1


class Data(Base):  # class: case.Data
    name: str

    def _create(self): return 1


class Train(Base):  # class: case.Train
    big: bool
    data: Data

    def _create(self):
        rows = self.data.load_or_create()
        if rows:
            Data(name="more")  # conditional(Data): yes
        if self.big:
            Data(name="big")  # conditional(Data): no
        else:
            Data(name="small")  # config(Data): nothing
        return 1


run = Train(big=True, data=Data(name="d"))  # edges(Train): field data: Data{name: 'd'}; method _create, line 21: Data{name: 'more'}; method _create, line 23: Data{name: 'big'}
