# Methods of known text are applied.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


name = "Some Run"
a = T(v=name.lower().replace(" ", "_"))  # config(T): {v: 'some_run'}
b = T(v=name.split())  # config(T): {v: ['Some', 'Run']}
d = T(v="-".join(["a", "b"]))  # config(T): {v: 'a-b'}
e = T(v=name[::-1][:3])  # config(T): {v: 'nuR'}
