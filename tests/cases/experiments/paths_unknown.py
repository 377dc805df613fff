# A path that depends on the machine is not known.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


from pathlib import Path

a = T(v=Path.home() / "data")  # unknown(v): a call of pathlib.Path.home
b = T(v=Path(__file__).parent)  # unknown(v): the place of a file on disk
