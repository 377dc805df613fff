# The super of a class method is bound to the class that the method was called on.
import huldra


class Base(huldra.Huldra[int]):  # class: case.Base
    lr: float = 0.1

    def _create(self): return 1
    def _load(self): return 1

    @classmethod
    def fast(cls, **more):
        return cls(lr=1.0, **more)  # configs(cls): {lr: 1.0, n: 4}; {lr: 1.0}

    @staticmethod
    def rate():
        return 7.0


class Derived(Base):  # class: case.Derived
    n: int = 3

    @classmethod
    def fast(cls, **more):
        return super().fast(n=4, **more)

    @classmethod
    def other(cls):
        return cls(lr=super().rate())  # config(cls): {lr: 7.0, n: 3}


Base.fast()
Derived.fast()
Derived.other()
