# A class of the script itself has no identity when the script runs.
#: not run: hashing it raises
import huldra


# problem: HUL101 while its own file runs as a script
# class: case.T
class T(huldra.Huldra[int]):
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


if __name__ == "__main__":
    T(v=1)
