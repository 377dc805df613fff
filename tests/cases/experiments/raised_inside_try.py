# What follows a raise that may be caught is conditional inside the `try`, and certain where nothing catches it.
import sys

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


def checked():
    if sys.argv[0] == "no":
        raise ValueError
    return 1


try:
    T(v="before")  # conditional: no
    checked()
    T(v="after")  # conditional: yes
except ValueError:
    T(v="caught")  # conditional: yes
T(v="behind")  # conditional: no
try:
    checked()
    T(v="tried")  # conditional: no
finally:
    T(v="finally")  # conditional: no


# The library has its own names in every version; what another version may not have may raise.
base = T(v=1)  # config(T): {v: 1}
kept = 10
try:
    huldra.chz.replace(base, v=2)
except Exception:
    kept = 11
T(v=kept)  # config(T): {v: 10}
try:
    huldra.chz.something_new
except Exception:
    kept = 12
T(v=kept)  # unknown(v): depends on whether an exception is raised


# Making an exception raises nothing but what is raised then.
try:
    try:
        raise KeyError("a", sys.argv)
    except KeyError:
        T(v="inner")  # conditional: no
except Exception:
    T(v="outer")
T(v="end")  # conditional: no


# What the body certainly raises at its end is raised only where nothing has been raised before.
try:
    int(sys.argv[1])
    raise KeyError("a")
except KeyError:
    T(v="at the end")  # conditional: yes
except ValueError:
    T(v="before it")  # conditional: yes
try:
    raise KeyError(int(sys.argv[1]))
except ValueError:
    T(v="in making it")  # conditional: yes
except KeyError:
    T(v="made")  # conditional: yes
try:
    raise KeyError("a")
except ValueError:
    T(v="never")  # conditional: nothing
except KeyError:
    T(v="always")  # conditional: no


# What a munger raises is raised as the config is built, so that what follows may not be reached.
class Cooked(huldra.Huldra[int]):  # class: case.Cooked
    v: object = huldra.chz.field(default="red", munger=lambda self, value: f"{value:_^5}")

    def _create(self): return 1
    def _load(self): return 1


reached = []
try:
    Cooked(v=(1, 2))  # problem: HUL107 Cooked cannot be built with these values: unsupported format string passed to tuple.__format__
    reached.append("after")
except TypeError:
    reached.append("caught")
T(v=list(reached))  # config(T): {v: ['caught']}
try:
    Cooked(v="a")
    reached = ["after"]
except TypeError:
    reached = ["caught"]
T(v=list(reached))  # config(T): {v: ['after']}

# What has no parts raises where one is asked for.
for whole in (3, 2.5, {1}):
    found = []
    try:
        found.append("before")
        whole[0]
    except TypeError:
        found.append("no element")
    try:
        whole[:1]
    except TypeError:
        found.append("no slice")
    T(v=found)  # config(T): {v: ['before', 'no element', 'no slice']}

# So does what a path without a name is given another one.
from pathlib import Path

try:
    named = Path("data").parent.with_name("n.csv")
except ValueError:
    named = "none"
T(v=named)  # config(T): {v: 'none'}
T(v=Path("data/a.csv").with_name("n.csv").with_suffix(".txt"))  # config(T): {v: Path('data/n.txt')}
