# Functions and classes that methods, instances, partials and classes of the project decorate are what these make of them.
import functools

import huldra
import torch


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


BUILDERS = {}


def builder(function=None, *, name=None, **defaults):
    if function is None:
        return functools.partial(builder, name=name, **defaults)

    @functools.wraps(function)
    def inner(**given): return function(**{**defaults, **given})

    BUILDERS[name or function.__name__] = inner
    return inner


class Registry:
    def __init__(self): self.items = {}

    def register(self, function):
        self.items[function.__name__] = function
        return function

    def __call__(self, function): return self.register(function)


class Counted:
    def __init__(self, function):
        self.function = function
        self.calls = 0

    def __call__(self, *given):
        self.calls += 1
        return self.function(*given)


registry = Registry()
hooks = []


@builder
def plain(v=0): return T(v=("plain", v))  # config(T): {v: ('plain', 0)}


@builder(name="tuned", v=2)
def with_defaults(v=0): return T(v=("tuned", v))  # config(T): {v: ('tuned', 2)}


@registry.register
def first(): return T(v="first")  # config(T): {v: 'first'}


@registry
def second(): return T(v="second")  # config(T): {v: 'second'}


@Counted
def counted(v): return T(v=v)  # config(T): {v: 4}


@hooks.append
def hook(): return T(v="hook")  # config(T): {v: 'hook'}


@torch.wrapped
def outside(): return 3


for build in [*BUILDERS.values(), *registry.items.values(), *hooks]:
    build()
counted(4)
a = T(v=list(BUILDERS))  # config(T): {v: ['plain', 'tuned']}
b = T(v=(list(registry.items), counted.calls, hook))  # config(T): {v: (['first', 'second'], 1, None)}
c = T(v=outside())  # unknown(v): a call of what the decorator torch.wrapped makes of a function
