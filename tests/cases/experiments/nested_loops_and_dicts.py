# A sweep that is collected in a dict of lists.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


runs = {}
for name in ("a", "b"):
    for seed in range(2):
        runs.setdefault(name, []).append(T(v=(name, seed)))  # configs(T): {v: ('a', 0)}; {v: ('a', 1)}; {v: ('b', 0)}; {v: ('b', 1)}
last = T(v=len(runs["b"]))  # config(T): {v: 2}
