# What a decorator from outside fills in is no fault of the call: the function is one that somebody else calls.
#: not run: the library is not there
#: file lab.py
import huldra


class Train(huldra.Huldra[int]):  # class: lab.Train
    lr: float = 0.1
    tag: str = ""

    def _create(self): return 1
    def _load(self): return 1
#: file run.py
import hydra

from lab import Train


@hydra.main(config_path="conf", config_name="train", version_base=None)
def main(cfg):
    Train(tag="hydra", lr=cfg.lr)  # unknown(lr): argument of main()


@hydra.main(version_base=None)
def whole(cfg):
    Train(tag="whole")  # config(Train): {lr: 0.1, tag: 'whole'}


def plain(tag):
    Train(tag=tag)  # unknown(tag): argument of plain()


def filled(tag):
    Train(tag=tag)  # config(Train): {lr: 0.1, tag: 'x'}


if __name__ == "__main__":
    main()
    whole()
    filled("x")
    try:
        plain()  # a TypeError: nobody is seen to run its body
    except TypeError:
        pass
