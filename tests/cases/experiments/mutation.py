# Lists and dicts that are changed in place hold what they hold then.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


xs = [1]
ys = xs
ys.append(2)
xs.extend((3,))
xs[0] = 9
d = {"a": 1}
d.update(b=2)
d["c"] = d.pop("a")
a = T(v=xs)  # config(T): {v: [9, 2, 3]}
b = T(v=d)  # config(T): {v: {'b': 2, 'c': 1}}
