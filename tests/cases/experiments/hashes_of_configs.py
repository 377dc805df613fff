# The hash of a config is what code gets that asks for it; whatever else every config has is no error.
#: file lab.py
import huldra


class Data(huldra.Huldra[int]):  # class: lab.Data
    name: object = "d"

    def _create(self): return 1
    def _load(self): return 1


class Train(huldra.Huldra[int]):  # class: lab.Train
    tag: object = ""

    def _create(self):
        Data(name=self.huldra_hash[:4]).load_or_create()  # configs(Data): {name: 'a1c6'}; {name: 'ea6d'}
        return 1

    def _load(self): return 1


class Own(huldra.Huldra[int]):  # class: lab.Own
    huldra_hash: str = "mine"

    def _create(self): return 1
    def _load(self): return 1
#: file run.py
import os

from lab import Data, Own, Train


def main():
    data = Data(name="x")  # config(Data): {name: 'x'}
    print(data.huldra_hash, data.__doc__, data.__dict__, vars(data), data.__module__)
    Train(tag="after")  # config(Train): {tag: 'after'}


main()
Data(name=Data(name=1).huldra_hash)  # config(Data): {name: '6b524b03477778a6204a'}
Data(name=f"run-{Train().huldra_hash[:8]}")  # config(Data): {name: 'run-a1c67956'}
Data(name=Own().huldra_hash)  # config(Data): {name: 'mine'}
Data(name=Data(name=os.getpid()).huldra_hash)  # unknown(name): the hash of a Data that is not known
values = [1]
changed = Data(name=values)  # unknown: *: something that the config holds is changed after it was built
values.append(2)
Data(name=changed.huldra_hash)  # unknown(name): the hash of a Data that is not known
Data(name=changed.__doc__)  # unknown(name): the attribute '__doc__' of a Data
