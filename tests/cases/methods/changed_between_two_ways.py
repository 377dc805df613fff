# A config that two modules lead to is followed in both: what `_create` reads is not the same where one has changed it.
#: file tables.py
import huldra

SIZES = ["small"]


class Data(huldra.Huldra[int]):  # class: tables.Data
    size: object = None

    def _create(self): return 1
    def _load(self): return 1


class Train(huldra.Huldra[int]):  # class: tables.Train
    by: str

    def _create(self):
        for _ in SIZES:
            Data(size="any").load_or_create()  # config(Data): {size: 'any'}

    def _load(self): return 1
#: file changing.py
from tables import SIZES, Train

SIZES.clear()
Train(by="both")  # edges(Train): method _create, line 18: Data{size: 'any'}
#: file plain.py
from tables import Train

Train(by="both")  # edges(Train): method _create, line 18: Data{size: 'any'}
