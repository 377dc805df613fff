# What only gives a type another name, for type checkers, gives its argument back.
import os
import typing
from typing import NewType, cast

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


Seed = NewType("Seed", int)
Name = typing.NewType("Name", str)
a = T(v=[Seed(3), cast(int, "x"), list(map(Seed, [1, 2]))])  # config(T): {v: [3, 'x', [1, 2]]}
b = T(v=Name(os.environ["NAME"]))  # unknown(v): os.environ, which is outside the project
