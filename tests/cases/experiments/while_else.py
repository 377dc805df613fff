# The else of a loop runs unless it was left by break.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


out = []
for i in (1, 2):
    if i == 5:
        break
else:
    out.append("for")
n = 0
while n < 3:
    n += 1
    if n == 2:
        break
else:
    out.append("while")
a = T(v=(out, n))  # config(T): {v: (['for'], 2)}
