# `sys.modules[name]` and `locals()[name]` are looked into; where the name is not known, any class may be built.
#: file lib.py
import huldra


class T(huldra.Huldra[int]):  # class: lib.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1
#: file case.py
import sys

import lib
from lib import T

sys.modules["lib"].T(v="modules")  # config(T): {v: 'modules'}
getattr(sys.modules["lib"], "T")(v="getattr")  # config(getattr): {v: 'getattr'}
sys.modules.get("lib").T(v="get")  # config(T): {v: 'get'}
sys.modules[__name__].T(v="own")  # config(T): {v: 'own'}
if len(sys.argv) > 9:
    sys.modules[sys.argv[9]].T(v="some")  # config(T): {v: 'some'}
    sys.modules[sys.argv[9]].T(v="some")  # conditional(T): yes


def by_locals():
    mine = T
    locals()["mine"](v="locals")  # config(locals): {v: 'locals'}
    if len(sys.argv) > 9:
        locals()[sys.argv[9]](v="one")  # config(locals): {v: 'one'}


by_locals()
globals().get("T")(v="asked")  # config(get): {v: 'asked'}
[found for name, found in globals().items() if name == "T"][0](v="looked for")  # config(found): {v: 'looked for'}
vars(sys.modules["lib"])["T"](v="vars")  # config(vars): {v: 'vars'}
__import__("lib").T(v="imported")  # config(T): {v: 'imported'}
