# A lazy iterator takes each element when it is asked for it, so it sees what was changed after it was made.
import itertools

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


numbers = [1]
pairs = zip(numbers, [3, 4])
numbers.append(2)
T(v=(1, list(pairs)))  # config(T): {v: (1, [(1, 3), (2, 4)])}

texts = map(str, numbers)
numbered = enumerate(numbers)
kept = filter(None, numbers)
joined = itertools.chain.from_iterable([numbers, [9]])
first = itertools.islice(numbers, 2)
summed = itertools.accumulate(numbers)
numbers.insert(0, 5)
T(v=(2, list(texts), list(numbered)))  # config(T): {v: (2, ['5', '1', '2'], [(0, 5), (1, 1), (2, 2)])}
T(v=(3, list(kept), list(joined)))  # config(T): {v: (3, [5, 1, 2], [5, 1, 2, 9])}
T(v=(4, list(first), list(summed)))  # config(T): {v: (4, [5, 1], [5, 6, 8])}

# What reads all of it at once does not.
chosen = itertools.product(numbers, "a")
numbers.clear()
T(v=(5, list(chosen)))  # config(T): {v: (5, [(5, 'a'), (1, 'a'), (2, 'a')])}

table = {"a": 1}
entries = zip(table.keys(), table.values())
table["a"] = 6
T(v=(6, list(entries)))  # config(T): {v: (6, [('a', 6)])}

# Several that share one take from it in turns.
shared = iter([1, 2, 3])
T(v=(7, list(zip(shared, shared)), list(shared)))  # config(T): {v: (7, [(1, 2)], [])}

LOG = []


def note(value):
    LOG.append(value)
    return value


noted = map(note, [1, 2, 3])
next(noted)
T(v=(8, list(LOG)))  # config(T): {v: (8, [1])}
T(v=(9, list(noted), LOG))  # config(T): {v: (9, [2, 3], [1, 2, 3])}
