# An unknown star argument leaves every field that is not given in doubt.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


#: not run: it reads a file

import json

options = json.load(open("options.json"))
x = T(**options)  # unknown: v: whether it is given is not known
