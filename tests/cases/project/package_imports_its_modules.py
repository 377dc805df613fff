# `from . import models` in a package finds its own module, and so does whoever imports that from the package.
#: file lib/__init__.py
from . import models, rates
from lib import more

#: file lib/models.py
import huldra


class Train(huldra.Huldra[int]):  # class: lib.models.Train
    lr: float

    def _create(self): return 1
    def _load(self): return 1

#: file lib/rates.py
HIGH = 0.5

#: file lib/more.py
from lib import models


class More(models.Train):  # class: lib.more.More
    n: int = 2

#: file case.py
import lib
from lib import models, rates


class Big(models.Train):  # class: case.Big
    n: int = 3


class Bigger(lib.more.More):  # class: case.Bigger
    pass


a = Big(lr=rates.HIGH)  # config: {lr: 0.5, n: 3}
b = Bigger(lr=1)  # config: {lr: 1, n: 2}
