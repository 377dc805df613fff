# Attributes of a class are shared until an instance has its own.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Counter:
    total = 0
    seen = []

    def add(self, n):
        self.total += n
        self.seen.append(n)
        return self


p, q = Counter(), Counter()
p.add(2)
q.add(3)
a = T(v=(p.total, q.total, Counter.total, Counter.seen))  # config(T): {v: (2, 3, 0, [2, 3])}
