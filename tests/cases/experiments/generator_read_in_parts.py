# What is left of a generator is in doubt once something that its body reads has been changed.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


LIMITS = [0]
K = 1


def helper():
    return K


def from_list():
    for i in range(3):
        yield i + LIMITS[0]


def through_helper():
    for i in range(3):
        yield i + helper()


numbers = from_list()
T(v=(1, next(numbers)))  # config(T): {v: (1, 0)}
LIMITS[0] = 10
T(v=(2, list(numbers)))  # unknown(v): what a generator reads is changed while it is read

numbers = through_helper()
T(v=(3, next(numbers)))  # config(T): {v: (3, 1)}
K = 7
T(v=(4, list(numbers)))  # unknown(v): what a generator reads is changed while it is read

for number in through_helper():
    K += 1
    T(v=(5, number))  # unknown(v): an element of an unknown iterable: what a generator reads is changed while it is read

values = [1, 2]
doubled = (value * 2 for value in values)
T(v=(6, next(doubled)))  # config(T): {v: (6, 2)}
values.append(3)
T(v=(7, list(doubled)))  # config(T): {v: (7, [4, 6])}

# Nothing that it reads is changed here.
other = []
numbers = from_list()
first = next(numbers)
other.append(first)
T(v=(8, other, list(numbers)))  # config(T): {v: (8, [10], [11, 12])}
