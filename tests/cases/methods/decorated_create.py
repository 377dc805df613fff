# A _create that decorators of the project wrap is called through them: what it builds is a dependency as any other.
import functools
import os

import huldra


class Base(huldra.Huldra[int]):  # class: case.Base
    def _load(self): return 1


class Data(Base):  # class: case.Data
    n: object = 1

    def _create(self): return 1


def timed(function):
    @functools.wraps(function)
    def inner(self): return function(self)

    return inner


def named(name):
    def decorate(function):
        def inner(*given, **named):
            print(name)
            return function(*given, **named)

        return inner

    return decorate


def with_data(n):
    def decorate(function):
        return lambda self: function(self, Data(n=n).load_or_create())  # configs(Data): {n: 7}; {n: 8}

    return decorate


class Counted:
    def __init__(self, function):
        self.function = function

    def __call__(self, *given): return self.function(*given)

    def __get__(self, owner, cls=None): return functools.partial(self, owner)


class Plain(Base):  # class: case.Plain
    @timed
    def _create(self): return Data(n="plain").load_or_create()  # config(Data): {n: 'plain'}


class Named(Base):  # class: case.Named
    @timed
    @named("training")
    def _create(self): return Data(n="named").load_or_create()  # config(Data): {n: 'named'}


class Given(Base):  # class: case.Given
    @with_data(7)
    def _create(self, data): return data


class GivenOther(Base):  # class: case.GivenOther
    @with_data(8)
    def _create(self, data): return data


class ByInstance(Base):  # class: case.ByInstance
    @Counted
    def _create(self): return Data(n="instance").load_or_create()  # config(Data): {n: 'instance'}


class Hooked(Base):  # class: case.Hooked
    @timed
    def _create(self): return self.hook()

    def hook(self): return 1


class Hooking(Hooked):  # class: case.Hooking
    def hook(self): return Data(n="hook").load_or_create()  # config(Data): {n: 'hook'}


class Wrapping(Base):  # class: case.Wrapping
    def __init_subclass__(cls, **keywords):
        super().__init_subclass__(**keywords)
        cls._create = timed(cls._create)

    def _create(self): return 1


class Wrapped(Wrapping):  # class: case.Wrapped
    def _create(self): return Data(n="wrapped").load_or_create()  # config(Data): {n: 'wrapped'}


class NeverBuilt(Base):  # class: case.NeverBuilt
    @timed
    def _create(self): return Data(n="never").load_or_create()  # config(Data): {n: 'never'}


class Doubtful(Base):  # class: case.Doubtful
    @with_data(os.environ.get("N"))
    def _create(self, data): return Data(n=data).load_or_create()  # unknown(n): the result of Data.load_or_create()


plain = Plain()  # edges(Plain): method _create, line 53: Data{n: 'plain'}
named_one = Named()  # edges(Named): method _create, line 59: Data{n: 'named'}
given = Given()  # edges(Given): method _create, line 37: Data{n: 7}
given_other = GivenOther()  # edges(GivenOther): method _create, line 37: Data{n: 8}
by_instance = ByInstance()  # edges(ByInstance): method _create, line 74: Data{n: 'instance'}
hooked = Hooked()  # edges(Hooked): nothing
hooking = Hooking()  # edges(Hooking): method _create, line 85: Data{n: 'hook'}
wrapped = Wrapped()  # edges(Wrapped): method _create, line 97: Data{n: 'wrapped'}
doubtful = Doubtful()  # edges(Doubtful): nothing
