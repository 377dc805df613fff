# A method that changes what its next run would see builds what cannot be known.
import huldra

SEEN = []
COUNT = 0


class Base(huldra.Huldra[int]):  # class: case.Base
    def _load(self): return 1


class Data(Base):  # class: case.Data
    number: int = 0

    def _create(self): return 1


class ByGlobal(Base):  # class: case.ByGlobal
    def _create(self):
        global COUNT
        COUNT += 1
        Data(number=COUNT)  # unknown(number): _create changes it
        return 1


class ByList(Base):  # class: case.ByList
    def _create(self):
        SEEN.append(1)
        Data(number=len(SEEN))  # unknown(number): _create changes it
        return 1


a = ByGlobal()
b = ByList()
