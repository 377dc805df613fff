# Threads, timers and processes call what they are given once they are started, and not before.
#: file lib.py
import huldra


class T(huldra.Huldra[int]):  # class: lib.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


def build(*what, **named):
    T(v=(*what, *named.items()))  # configs(T): {v: ('a', 1)}; {v: ('kept',)}; {v: ('process',)}; {v: (('n', 3),)}


def later(n):
    T(v=("later", n))  # conditional(T): yes


def changing(found):
    found.append(1)


def asked(n):
    T(v=("asked", n))  # configs(T): {v: ('asked', 1)}
#: file case.py
import multiprocessing
import sys
import threading

from lib import T, asked, build, changing, later

if __name__ == "__main__":
    threading.Thread(target=build, args=("a", 1)).start()
    kept = [threading.Thread(None, build, None, (name,), {}, daemon=False) for name in ("kept",)]
    for one in kept:
        one.start()
        one.join()
    never = threading.Thread(target=build, args=("never",))
    never.name = "never"
    threading.Thread(target=build, kwargs={"n": 3}).start()
    multiprocessing.Process(target=build, args=("process",)).start()
    threading.Timer(0.01, later, [1]).start()
    found = []
    threading.Thread(target=changing, args=(found,)).start()
    T(v=found)  # unknown(v): a thread changes it
    threading.Thread(target=asked, args=(1,)).start()
    threading.Thread(target=asked, args=sys.argv[9:]).start()
