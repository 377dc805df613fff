# A plain attribute that a decorator sets on an experiment class changes no experiment; one that may, does.
import huldra


def tagged(tag):
    def mark(cls):
        cls.tag = tag
        return cls

    return mark


class Job(huldra.Huldra[int]):  # class: case.Job
    kinds = {}
    v: object = None

    def __init_subclass__(cls, **keywords):
        super().__init_subclass__(**keywords)
        Job.kinds[cls.__name__] = cls

    def _create(self): return 1
    def _load(self): return 1


@tagged("a")
class First(Job):  # class: case.First
    pass


@tagged("b")
class Second(Job):  # class: case.Second
    v: object = 2


jobs = [cls(v=cls.tag) for cls in Job.kinds.values()]  # config(cls): {v: 'a'}; {v: 'b'}
First.tag = "c"
late = First(v=(First.tag, jobs[0].tag))  # config(First): {v: ('c', 'c')}


class Patched(huldra.Huldra[int]):  # class: case.Patched
    v: object = None

    @property
    def name(self): return "x"

    def _create(self): return 1
    def _load(self): return 1


Patched.name = "y"
one = Patched()  # unknown: *: Patched.name is reassigned
