# Paths are normalised as pathlib does.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


from pathlib import Path

ROOT = Path("data")
a = T(v=ROOT / "x" / ".." / "y.txt")  # config(T): {v: Path('data/x/../y.txt')}
b = T(v=(ROOT / "y.txt").stem)  # config(T): {v: 'y'}
c = T(v=Path("a//b/./c/"))  # config(T): {v: Path('a/b/c')}
d = T(v=(ROOT / "m.pt").with_suffix(".bin").name)  # config(T): {v: 'm.bin'}
