# A class of the script itself has no identity; what the script builds of other files' classes has.
#: not run: hashing the script's own class raises
#: file library.py
import huldra


class Train(huldra.Huldra[int]):  # class: library.Train
    lr: float = 0.1

    def _create(self): return 1
    def _load(self): return 1


#: file case.py
import huldra
from library import Train


# problem: HUL101 while its own file runs as a script
# class: case.Own
class Own(huldra.Huldra[int]):
    seed: int = 0

    def _create(self): return 1
    def _load(self): return 1


if __name__ == "__main__":
    first = Train(lr=0.2)  # config(first): {lr: 0.2}
    own = Own(seed=1)
    last = Train(lr=0.3)  # config(last): {lr: 0.3}
