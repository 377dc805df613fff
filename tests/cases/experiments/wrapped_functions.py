# What is behind a decorated, cached or bound function, or in the table of a class, is called as it is.
#: file lab.py
import huldra


class Raw(huldra.Huldra[int]):  # class: lab.Raw
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Unet(huldra.Huldra[int]):  # class: lab.Unet
    v: object = None

    def _create(self):
        import lab
        getattr(lab, "Raw")(v=self.v)  # config(getattr): {v: 1}
        return 1

    def _load(self): return 1
#: file run.py
import functools
import inspect
import operator

import lab


def twice(function):
    @functools.wraps(function)
    def run(*given):
        function(*given)
        return function(*given, "again")

    return run


@twice
def make(*given): return lab.Raw(v=given)  # configs(lab): {v: ('operator',)}; {v: ('unwrapped',)}; {v: (1, 'again')}; {v: (1,)}; {v: (2,)}


@functools.cache
def cached(v): return lab.Raw(v=("cached", v))  # configs(lab): {v: ('cached', 3)}; {v: ('cached', 4)}


class Sweep:
    @twice
    def run(self, *given): return lab.Raw(v=("run", *given))  # configs(lab): {v: ('run', 5)}; {v: ('run', 6)}; {v: ('run', 6, 'again')}

    @classmethod
    def start(cls, v): return lab.Raw(v=(cls.__name__, v))  # configs(lab): {v: ('Other', 7)}

    @staticmethod
    def end(v): return lab.Raw(v=("end", v))  # configs(lab): {v: ('end', 8)}


class Other(Sweep):
    pass


make(1)
make.__wrapped__(2)
cached(3)
cached.__wrapped__(4)
Sweep().run.__wrapped__(Sweep(), 5)
Sweep.run(Sweep(), 6)
Sweep.start.__func__(Other, 7)
Sweep.__dict__["end"].__func__(8)
inspect.unwrap(make)("unwrapped")
operator.call(make.__wrapped__, "operator")


def main():
    operator.attrgetter("Raw")(lab)(v=10)  # config(operator): {v: 10}


if __name__ == "__main__":
    main()
    operator.attrgetter("Unet")(lab)(v=1)  # config(operator): {v: 1}
