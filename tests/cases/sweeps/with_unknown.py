# A sweep keeps count of what it builds that cannot be known; values that are the same for the hash do not vary.
import sys

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    lr: object = 0.1
    tags: object = ()

    def _create(self): return 1
    def _load(self): return 1


runs = [T(lr=lr) for lr in (1, 1.0, sys.argv[1])]  # sweep(T): lr: 1, 1.0; 1 dynamic
same = [T(lr=lr, tags=tags) for lr, tags in ((5, [1]), (6, (1,)))]  # sweep(T): lr: 5, 6
