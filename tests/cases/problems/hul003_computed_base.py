# A class that gets an experiment class as its base by a computation is not seen: that is said where it is made.
#: file lab.py
import huldra


class Base(huldra.Huldra[int]):  # class: lab.Base
    seed: int = 0

    def _create(self): return 1
    def _load(self): return 1


def base_for(kind):
    return Base if kind == "ours" else object


TABLE = {"base": Base}
First, Second = Base, object


# problem: HUL003 Called gets its base Base by a computation
class Called(base_for("ours")):
    pass


class Other(base_for("theirs")):
    pass


# problem: HUL003 Looked gets its base Base
class Looked(TABLE["base"]):
    pass


# problem: HUL003 Unpacked gets its base Base
class Unpacked(First):
    pass


# problem: HUL003 Spread gets its base Base
class Spread(*(Base,)):
    pass


class Nobody(Second):
    pass


def make(base):
    # problem: HUL003 Made gets its base Base
    class Made(base):
        pass

    return Made


make(Base)
make(object)
# problem: HUL003 Typed gets its base Base
Typed = type("Typed", (Base,), {})
Plain = type("Plain", (object,), {})
# problem: HUL003 Library gets its base huldra.Huldra
class Library(getattr(huldra, "Huldra")):
    pass


Base(seed=1)  # config(Base): {seed: 1}
