# At a field of a call a sweep over it is offered: with what code knows of it, or with a second value to begin from.


import huldra


class Train(huldra.Huldra[int]):  # class: case.Train
    lr: float = 0.1
    fast: bool = False
    name: str = "a"

    def _create(self) -> int:
        return 1

    def _load(self) -> int:
        return 1


# action(lr): Run Train aba7dd65 | Sweep over lr of Train aba7dd65: 0.5, 0.25 | Show Train aba7dd65 | Copy Python that builds Train aba7dd65 | New experiment like Train aba7dd65 | Show what Train aba7dd65 depends on
one = Train(lr=0.5, name="b")
# action(fast): Run Train 22defca8 | Sweep over fast of Train 22defca8: True, False | Show Train 22defca8 | Copy Python that builds Train 22defca8 | New experiment like Train 22defca8 | Show what Train 22defca8 depends on
two = Train(lr=0.25, name="b", fast=True)
# action(name): Run Train 22defca8 | Show Train 22defca8 | Copy Python that builds Train 22defca8 | New experiment like Train 22defca8 | Show what Train 22defca8 depends on
three = Train(lr=0.25, name="b", fast=True)
