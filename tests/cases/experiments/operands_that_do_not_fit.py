# Where operands certainly do not fit, Python raises, whatever they hold; what may have an operator of its own is not known.
import enum
import sys

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Kind(enum.Enum):
    ONE = 1


def tried(compute):
    try:
        return compute()
    except TypeError:
        return "raises"


T(v=tried(lambda: {"a": Kind.ONE} + {"b": 1}))  # config(T): {v: 'raises'}
T(v=tried(lambda: {"a": Kind.ONE} | {"b": 1}))  # config(T): {v: {'a': Kind.ONE, 'b': 1}}
T(v=tried(lambda: divmod([Kind.ONE], 4)))  # config(T): {v: 'raises'}
T(v=tried(lambda: divmod(7, 4)))  # config(T): {v: (1, 3)}
T(v=tried(lambda: abs((Kind.ONE,))))  # config(T): {v: 'raises'}
T(v=tried(lambda: divmod([Kind.ONE], sys.argv)))  # unknown(v): the returned value depends on a condition
T(v=tried(lambda: 1 in None))  # config(T): {v: 'raises'}
T(v=tried(lambda: sorted([tried, 1])))  # config(T): {v: 'raises'}
T(v=tried(lambda: [(1, tried)] < [(1, 2)]))  # config(T): {v: 'raises'}
T(v=tried(lambda: set([1, {}])))  # config(T): {v: 'raises'}
T(v=tried(lambda: sorted({"a": 1, "b": 2}.keys() - "a")))  # config(T): {v: ['b']}
T(v=tried(lambda: {"a": 1}.items() - [sys.argv]))  # unknown(v): the returned value depends on a condition
