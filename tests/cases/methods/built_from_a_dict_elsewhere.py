# The module of a class that a dict names is imported by that name alone, also by one that only stands for the class.
#: file lab/__init__.py
#: file lab/tables.py
SIZES = [1]
#: file lab/data.py
import huldra
from lab.tables import SIZES

SIZES.append(2)


class Data(huldra.Huldra[int]):  # class: lab.data.Data
    n: int = 1

    class Part(huldra.Huldra[int]):  # class: lab.data.Data.Part
        k: int = 1

        def _create(self): return 1
        def _load(self): return 1

    def _create(self): return 1
    def _load(self): return 1


Other = Data
#: file main.py
import huldra
from lab.tables import SIZES

one = huldra.Huldra.from_dict({"__class__": "lab.data.Data", "n": 2})  # config(from_dict): {n: 2}
two = huldra.HuldraSerializer.from_dict({"__class__": "lab.data.Other", "n": 3})  # config(from_dict): {n: 3}
inner = huldra.Huldra.from_dict({"__class__": "lab.data.Data.Part", "k": len(SIZES)})  # config(from_dict): {k: 2}
try:
    huldra.Huldra.from_dict({"__class__": "lab.data.Gone"})
except AttributeError:
    gone = type(one)(n=9)  # config(type): {n: 9}
outside = huldra.Huldra.from_dict({"__class__": "fractions.Fraction", "n": 3})
