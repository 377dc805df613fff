# Break and continue are followed where their conditions are known.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


for i in range(10):
    if i == 1:
        continue
    if i == 4:
        break
    T(v=i)  # configs(T): {v: 0}; {v: 2}; {v: 3}
else:
    T(v="never")
