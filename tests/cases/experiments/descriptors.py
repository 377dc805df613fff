# Descriptors and the setters of properties are run; what `__setattr__` does is not known.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Scaled:
    def __init__(self, by):
        self.by = by

    def __get__(self, instance, owner=None):
        return (owner.__name__, self.by) if instance is None else instance.n * self.by


class Checked:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, instance, owner=None):
        return getattr(instance, self.name)

    def __set__(self, instance, value):
        if value < 0:
            raise ValueError(value)
        setattr(instance, self.name, value + 100)


class Own:
    size = Scaled(3)
    checked = Checked()

    def __init__(self, n):
        self.n = n
        self.checked = n

    @property
    def area(self):
        return self._area

    @area.setter
    def area(self, area):
        self._area = [area]

    fixed = property(lambda self: 1)


class More(Own):
    pass


own = More(2)
T(v=(own.size, More.size))  # config(T): {v: (6, ('More', 3))}
own.size = 5
T(v=own.size)  # config(T): {v: 5}
T(v=(own.checked, own._checked))  # config(T): {v: (102, 102)}
own.checked += 1
T(v=own.checked)  # config(T): {v: 203}
own.area = 4
T(v=own.area)  # config(T): {v: [4]}
try:
    own.checked = -1
    T(v="never")
except ValueError:
    T(v=("kept", own.checked))  # config(T): {v: ('kept', 203)}
try:
    own.fixed = 2
    T(v="never")
except AttributeError:
    T(v=("fixed", own.fixed))  # config(T): {v: ('fixed', 1)}


class Sets:
    n = 0

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value + 1)


sets = Sets()
sets.n = 1
T(v=("sets", sets.n))  # unknown(v): its attribute 'n' was set in a way that is not followed
