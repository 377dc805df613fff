# Where some paths leave a turn, a loop or a function early and the rest raises, evaluation goes on with those that left.
#: file case.py
import sys

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


seen = 0


def guarded(name):
    global seen
    if name:
        seen = 1
        return 5
    seen = 2
    raise ValueError(name)


a = T(v=guarded(sys.argv[0]))  # config(T): {v: 5}
b = T(v=("seen", seen))  # config(T): {v: ('seen', 1)}


def either(name):
    if name == "one":
        return 1
    if name == "two":
        return 2
    raise KeyError(name)


c = T(v=either(sys.argv[0]))  # unknown(v): the returned value depends on a condition


def all_turns(name):
    for turn in range(3):
        T(v=turn)  # config(T): {v: 0}; {v: 1}; {v: 2}
        if name:
            continue
        raise ValueError
    return "end"


d = T(v=all_turns(sys.argv[0]))  # config(T): {v: 'end'}
for turn in range(3):
    if sys.argv[0]:
        last = turn
        break
    last = "raises"
    raise ValueError
e = T(v=("last", last))  # config(T): {v: ('last', 0)}

left = 1
for _ in range(1):
    if len(sys.argv) > 1:
        left = 2
        if sys.argv[1]:
            break
        raise ValueError
f = T(v=("left", left))  # unknown(v): depends on the condition:
#: file returning.py
import sys

from case import T


def first_or_last():
    for turn in range(2):
        if sys.argv[0]:
            break
        return "inside"
    T(v="after the loop")  # config(T): {v: 'after the loop'}
    return "behind"


g = T(v=first_or_last())  # unknown(v): the returned value depends on a condition


def turns():
    for turn in range(2):
        T(v=("turn", turn))  # config(T): {v: ('turn', 0)}; {v: ('turn', 1)}
        if sys.argv[0]:
            continue
        break
    for turn in range(2):
        T(v=("again", turn))  # config(T): {v: ('again', 0)}; {v: ('again', 1)}
        if sys.argv[0]:
            continue
        return
    T(v="all")  # config(T): {v: 'all'}


turns()


def with_last_words(words):
    for turn in range(2):
        try:
            if sys.argv[0]:
                break
            raise ValueError
        finally:
            words.append(turn)
    return words


h = T(v=with_last_words([]))  # unknown(v): depends on the condition:
while True:
    if sys.argv[0]:
        break
    raise ValueError
i = T(v="while")  # config(T): {v: 'while'}
