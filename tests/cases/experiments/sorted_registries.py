# Pairs are in order by their first parts; what cannot be compared matters only where these are equal.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Part:
    known = {}

    def __init_subclass__(cls, **named):
        super().__init_subclass__(**named)
        Part.known[cls.__name__] = cls


class Small(Part):
    size = 1


class Large(Part):
    size = 2


a = [T(v=(name, part.size)) for name, part in sorted(Part.known.items())]  # configs(T): {v: ('Large', 2)}; {v: ('Small', 1)}
b = T(v=max((2, Small), (1, Large))[1].size)  # config(T): {v: 1}
pairs = sorted([(1, sorted), (1, len)])
c = T(v=str(pairs))  # unknown(v): str(…) of an operation on
