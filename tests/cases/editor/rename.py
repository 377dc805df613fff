# A field is renamed where it is declared, given a value and read, in every class that has it, and nowhere else.

import argparse

import huldra


class Base(huldra.Huldra[int]):  # class: case.Base
    lr: float = 0.1  # rename(lr): case.py:8 case.py:15 case.py:19 case.py:37 case.py:38 case.py:40 case.py:40 case.py:41 case.py:48 case.py:52 case.py:52 case.py:57 case.py:60 case.py:62 case.py:64 case.py:64

    def _load(self) -> int:
        return 1


class Train(Base):  # class: case.Train
    lr: float = 0.2
    steps: int = 3

    def _create(self) -> int:
        return int(self.lr * self.steps)


class Other(huldra.Huldra[int]):  # class: case.Other
    lr: float = 0.5  # rename(lr): case.py:23 case.py:26 case.py:57 case.py:57 case.py:61

    def _create(self) -> int:
        return int(self.lr)

    def _load(self) -> int:
        return 1


class Evaluate(huldra.Huldra[float]):  # class: case.Evaluate
    model: Train  # rename(model): case.py:33 case.py:41 case.py:63 case.py:64
    others: list[Train]  # rename(others): case.py:34 case.py:37 case.py:38 case.py:39 case.py:63

    def _create(self) -> float:
        best = max(self.others, key=lambda run: run.lr)
        rates = {run.steps: run.lr for run in self.others}
        for number, run in enumerate(sorted(self.others)):
            print(f"{number} {run.lr:.3f} {rates} {best.lr}")
        return self.model.lr

    def _load(self) -> float:
        return 1.0


def make(lr: float) -> Train:
    return Train(lr=lr)


def faster(run: Train, options: argparse.Namespace) -> Train:
    return huldra.chz.replace(run, lr=run.lr * options.lr, steps=4)


def main() -> None:
    arguments = argparse.ArgumentParser().parse_args()
    print(make(lr=arguments.lr).lr, Other(lr=3.0).lr)


one = Train(lr=0.5, steps=2)  # rename(steps): case.py:16 case.py:19 case.py:38 case.py:52 case.py:60
two = Other(lr=0.25)
several = [Train(lr=lr) for lr in (0.1, 0.3)]
evaluate = Evaluate(model=one, others=several)
best_lr = evaluate.model.lr + several[0].lr  # rename(lr): case.py:8 case.py:15 case.py:19 case.py:37 case.py:38 case.py:40 case.py:40 case.py:41 case.py:48 case.py:52 case.py:52 case.py:57 case.py:60 case.py:62 case.py:64 case.py:64
