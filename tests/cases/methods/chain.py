# Experiments that build their predecessors are followed to the first one.
import huldra


class Round(huldra.Huldra[int]):  # class: case.Round
    n: int

    def _create(self):
        if self.n == 0:
            return 0
        return Round(n=self.n - 1).load_or_create() + 1  # configs(Round): {n: 0}; {n: 1}; {n: 2}

    def _load(self): return 1


last = Round(n=3)  # edges(Round): method _create, line 10: Round{n: 2}
