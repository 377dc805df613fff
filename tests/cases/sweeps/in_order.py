# A place that builds several experiments is one sweep: its members in order, and the fields that vary.
import itertools

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    lr: float = 0.1
    seed: int = 0
    name: str = "t"

    def _create(self): return 1
    def _load(self): return 1


rates = [T(lr=lr) for lr in (0.3, 0.1, 0.2)]  # sweep(T): lr: 0.3, 0.1, 0.2
grid = [T(lr=lr, seed=seed) for lr, seed in itertools.product((1.0, 2.0), (7, 3))]  # sweep(T): lr: 1.0, 1.0, 2.0, 2.0; seed: 7, 3, 7, 3
alone = [T(seed=seed) for seed in (4,)]  # sweep(T): nothing
for seed in range(3):
    T(seed=seed, name=f"s{seed}")  # sweep(T): seed: 0, 1, 2; name: 's0', 's1', 's2'
