# Experiments that build each other without end are followed to a limit, which is said.
import huldra


class Round(huldra.Huldra[int]):  # class: case.Round
    n: int

    def _create(self):
        return Round(n=self.n + 1).load_or_create()  # problem: HUL003 200 deep

    def _load(self): return 1


first = Round(n=0)  # edges(Round): method _create, line 8: Round{n: 1}
