# Methods and alternative constructors of experiments build where they stand.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import chz


class K(T):  # class: case.K
    n: int = 1

    def bigger(self, by=1):
        return chz.replace(self, n=self.n + by)  # configs(chz): {n: 2, v: None}; {n: 6, v: 'x'}

    @classmethod
    def tagged(cls, tag):
        return cls(v=tag)  # config(cls): {n: 1, v: 'x'}


a = K().bigger()
b = K.tagged("x").bigger(by=5)
