# Names lead to declarations and to the sites that build; what is not of this library is left to other servers.

import huldra


# references(Train): case.py:17; case.py:24; case.py:27
# hover(Train): **case.Train** · experiment class · 3 missing
class Train(huldra.Huldra[int]):  # class: case.Train
    lr: float = 0.1  # hover(lr): **Train.lr** · default `0.1`

    def _create(self) -> int:
        return 1

    def _load(self) -> int:
        return 1


base = Train(lr=0.5)  # definition(lr): case.py:8


def helper() -> int:  # hover(helper): nothing
    return 1  # hover(return): nothing
# definition(Train): nothing
# hover(Train): **Train** · ○ missing
again = Train(lr=0.25)


plain = (Train(), helper())
