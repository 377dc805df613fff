# A collection gives its entries once, in the order written.
import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class K(Base):  # class: case.K
    n: int = 0


class Sweep(huldra.HuldraList[K]):
    one = K(n=1)  # config(K): {n: 1}
    group = {"two": K(n=2)}  # config(K): {n: 2}
    more = [K(n=i) for i in (1, 3)]  # configs(K): {n: 1}; {n: 3}
    _hidden = K(n=9)  # config(K): {n: 9}


class User(Base):  # class: case.User
    of: K


runs = [User(of=k) for k in Sweep]  # configs(User): {of: K{n: 1}}; {of: K{n: 2}}; {of: K{n: 3}}
x = User(of=Sweep.by_name("two"))  # config(User): {of: K{n: 2}}
