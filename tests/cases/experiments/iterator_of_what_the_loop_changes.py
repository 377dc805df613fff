# A loop over something lazy that reads what the loop changes sees the change, as it does in Python.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


numbers = [1, 2, 3]
for once in (len(numbers) for _ in numbers):
    numbers.pop()
T(v=(1, once))  # config(T): {v: (1, 2)}

letters = alias = ["a", "b", "c"]
for letter in (each for each in letters):
    alias.pop()
T(v=(1, letter))  # config(T): {v: (1, 'b')}

rows = ["x"]
for index, row in zip([1, 2], rows):
    rows.append(row + "y")
T(v=(2, row))  # config(T): {v: (2, 'xy')}

seen = {"a": 1}
for number, key in enumerate(seen.keys()):
    if number < 2:
        seen.update({key: number})
T(v=(3, key))  # config(T): {v: (3, 'a')}

total = 0
for step in (total + each for each in (1, 2)):
    total = step
T(v=(4, total))  # config(T): {v: (4, 3)}

# What the elements hold may be changed: such a loop reads only which elements there are.
buckets = [[], []]
for name, bucket in zip("ab", buckets):
    bucket.append(name)
T(v=(5, buckets))  # config(T): {v: (5, [['a'], ['b']])}

others = []
for number in (each * 2 for each in (1, 2)):
    others.append(number)
T(v=(6, others))  # config(T): {v: (6, [2, 4])}
