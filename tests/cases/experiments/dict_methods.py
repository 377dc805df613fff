# Views, defaults and merging of dicts.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


d = {"a": 1}
d.setdefault("b", []).append(2)
d |= {"c": 3}
e = {**d, "a": 9}
a = T(v=(list(d), d.get("z", 0), d["b"], sorted(e.items(), key=lambda kv: str(kv[1]))))  # config(T): {v: (['a', 'b', 'c'], 0, [2], [('c', 3), ('a', 9), ('b', [2])])}
