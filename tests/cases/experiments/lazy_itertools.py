# Iterators without an end are followed as far as they are read.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import itertools
import operator

T(v=list(itertools.islice(itertools.count(1, 2), 3)))  # config(T): {v: [1, 3, 5]}
for number, letter in zip(itertools.count(10), "ab"):
    T(v=(number, letter))  # configs(T): {v: (10, 'a')}; {v: (11, 'b')}
T(v=list(zip("abc", itertools.cycle([1, 2]))))  # config(T): {v: [('a', 1), ('b', 2), ('c', 1)]}
T(v=list(itertools.accumulate([1, 2, 3], operator.mul, initial=10)))  # config(T): {v: [10, 10, 20, 60]}
T(v=[(key, list(group)) for key, group in itertools.groupby(["a", "b", "cc"], key=len)])  # config(T): {v: [(1, ['a', 'b']), (2, ['cc'])]}
T(v=[(key, list(group)) for key, group in list(itertools.groupby("aab"))])  # config(T): {v: [('a', []), ('b', [])]}
T(v=list(itertools.takewhile(lambda x: x < 3, itertools.count())))  # config(T): {v: [0, 1, 2]}
T(v=[list(each) for each in itertools.tee([1, 2])])  # config(T): {v: [[1, 2], [1, 2]]}
T(v=list(itertools.compress("abc", [1, 0, 1])))  # config(T): {v: ['a', 'c']}
T(v=sorted([{"k": 2}, {"k": 1}], key=operator.itemgetter("k")))  # config(T): {v: [{'k': 1}, {'k': 2}]}
T(v=list(itertools.islice("abc", hash("a") % 3)))  # unknown(v): a call of hash
