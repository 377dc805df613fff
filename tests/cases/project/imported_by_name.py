# A module that is imported by a call with its name is imported; a file that does nothing else sees its classes.
#: file lib/__init__.py
#: file lib/models.py
import huldra


class Train(huldra.Huldra[int]):  # class: lib.models.Train
    lr: float

    def _create(self): return 1
    def _load(self): return 1

#: file case.py
import importlib

models = importlib.import_module("lib.models")
same = importlib.import_module(".models", "lib")

a = models.Train(lr=1)  # config(models.Train): {lr: 1}
b = same.Train(lr=2)  # config(same.Train): {lr: 2}
