# A dependency is found through helpers of another module, other methods and properties; the line is that in _create.
#: file parts.py
import huldra


class Data(huldra.Huldra[int]):  # class: parts.Data
    name: str

    def _create(self): return 1
    def _load(self): return 1


def fetch(name):
    return _fetch(f"{name}-v2")


def _fetch(name):
    return Data(name=name).load_or_create()  # configs(Data): {name: 'wiki-v2'}

#: file case.py
import huldra
from parts import Data, fetch


class Train(huldra.Huldra[int]):  # class: case.Train
    corpus: str

    @property
    def teacher(self):
        return Data(name=f"{self.corpus}-teacher")  # config(Data): {name: 'wiki-teacher'}

    def _student(self, suffix):
        return Data(name=self.corpus + suffix)  # config(Data): {name: 'wiki-student'}

    def _create(self):
        rows = fetch(self.corpus)
        self._student("-student").load_or_create()
        return self.teacher.load_or_create(), rows

    def _load(self): return 1


# edges(Train): method _create, line 16: Data{name: 'wiki-v2'}; method _create, line 17: Data{name: 'wiki-student'}; method _create, line 18: Data{name: 'wiki-teacher'}
run = Train(corpus="wiki")
