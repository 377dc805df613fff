# What an iterator makes while a container takes it in sees what the container holds by then.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self):
        return 1

    def _load(self):
        return 1


def counted(seen):
    for key in "ab":
        yield key, len(seen)


layers = [1, 2]
layers.extend(n for n in (2, 3, 3) if n not in layers)
a = T(v=layers)  # config(T): {v: [1, 2, 3]}
sizes = [1]
sizes += (len(sizes) * 10 for _ in range(2))
b = T(v=sizes)  # config(T): {v: [1, 10, 20]}
sums = [2]
sums.extend(map(lambda x, y: x + y, sums, (1, 2, 3)))
c = T(v=sums)  # config(T): {v: [2, 3, 5, 8]}
table = {}
table.update((key, len(table)) for key in "ab")
table |= [("c", 2)]
d = T(v=table)  # config(T): {v: {'a': 0, 'b': 1, 'c': 2}}
order = [3, 1, 2]
order.sort(key=lambda n: n * len(order))
e = T(v=order)  # config(T): {v: [3, 1, 2]}
pairs = []
pairs.extend(counted(pairs))
f = T(v=pairs)  # unknown(v): what a generator reads is changed while it is read
