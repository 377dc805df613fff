# Finally runs, whatever happened.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


log = []


def work():
    try:
        return "value"
    finally:
        log.append("done")


a = T(v=(work(), log))  # config(T): {v: ('value', ['done'])}
try:
    [][0]
except (KeyError, IndexError) as error:
    b = T(v="index")  # config(T): {v: 'index'}
else:
    b = T(v="no")
