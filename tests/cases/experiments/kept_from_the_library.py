# The library makes a subclass a config class as it hears of it; who keeps it from that leaves a class that is none.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Quiet:
    def __init_subclass__(cls, **words):
        cls.words = words


class Loud:
    def __init_subclass__(cls, **words):
        super().__init_subclass__(**words)


class Before(Quiet, T):  # class: case.Before
    pass


class Behind(T, Quiet):  # class: case.Behind
    pass


class Passing(Loud, T):  # class: case.Passing
    pass


class Silent(T):  # class: case.Silent
    def __init_subclass__(cls):
        pass


class Below(Silent):  # class: case.Below
    pass


@huldra.chz.chz
class Options(Quiet):  # the library has no part in it
    rate: float = 0.5


T(v=Options())  # config(T): {v: Options{rate: 0.5}}
try:
    Before()  # unknown: *: case.Quiet.__init_subclass__ does not call that of super(), by which a class is made a config class
except TypeError:
    pass
try:
    Below()  # unknown: *: case.Silent.__init_subclass__ does not call that of super(), by which a class is made a config class
except TypeError:
    pass
Behind(v=1)  # config(Behind): {v: 1}
Passing(v=1)  # config(Passing): {v: 1}
Silent(v=1)  # config(Silent): {v: 1}
