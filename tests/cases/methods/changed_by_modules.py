# What `_create` reads is in doubt where a module has changed it that nothing imports on the way to the config.
#: file tables.py
import huldra

SIZES = {}


class Data(huldra.Huldra[int]):  # class: tables.Data
    size: object = None

    def _create(self): return 1
    def _load(self): return 1


class Train(huldra.Huldra[int]):  # class: tables.Train
    by: str

    def _create(self): return Data(size=SIZES.get("small")).load_or_create()  # unknown(size): it is changed by filling, which tables does not import
    def _load(self): return 1
#: file filling.py
from tables import SIZES

SIZES["small"] = 8
#: file importing.py
import filling
from tables import Train

Train(by="importing")  # edges(Train): method _create, line 16: Data{size: 8}
#: file plain.py
from tables import Train

Train(by="plain")  # edges(Train): nothing
