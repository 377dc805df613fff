# Models of pydantic are dumped and copied as pydantic does it.
import pydantic

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Inner(pydantic.BaseModel):
    sizes: list[int] = [1]


class Outer(pydantic.BaseModel):
    name: str = "a"
    rate: float = 1
    inner: Inner = Inner()


one = Outer(rate=2)
T(v=one.model_dump())  # config(T): {v: {'name': 'a', 'rate': 2.0, 'inner': {'sizes': [1]}}}
T(v=one.model_copy(update={"name": "b"}).name)  # config(T): {v: 'b'}
T(v=one.model_copy().rate)  # config(T): {v: 2.0}
T(v=(one.model_dump(exclude={"inner"}), one.model_dump(include={"name"})))  # config(T): {v: ({'name': 'a', 'rate': 2.0}, {'name': 'a'})}
T(v=one.model_dump(by_alias=True))  # unknown(v): model_dump() with options that are not followed
T(v=one.model_copy(update={"name": print}).model_dump())  # unknown(v): a copy of a builtins.print inside a record


# Each instance has a default of its own, and makes the containers anew that it checks; what it does not check it keeps.
SHARED = [1]


class Holder(pydantic.BaseModel):
    sizes: list[int] = SHARED
    pair: tuple = (SHARED,)
    inner: Inner = Inner()
    checked: list = []
    kept: object = None


first, second = Holder(checked=SHARED, kept=SHARED), Holder()
first.sizes.append(2)
first.pair[0].append(3)
first.inner.sizes.append(4)
first.checked.append(5)
T(v=([*SHARED], second.sizes, second.pair, second.inner.sizes))  # config(T): {v: ([1], [1], ([1],), [1])}
T(v=(first.sizes, first.pair, first.inner.sizes, first.checked))  # config(T): {v: ([1, 2], ([1, 3],), [1, 4], [1, 5])}
SHARED.append(6)
T(v=(first.kept, first.checked))  # config(T): {v: ([1, 6], [1, 5])}


# The elements of a list or dict are checked one by one.
class Table(pydantic.BaseModel):
    rates: list[float] = []
    sizes: dict[str, int] = {}
    rows: list[list[int]] = []


numbers = [1, 2.5]
table = Table(rates=numbers, sizes={"a": 1}, rows=[numbers[:1]])
numbers.append(3)
T(v=(table.rates, table.sizes, table.rows))  # config(T): {v: ([1.0, 2.5], {'a': 1}, [[1]])}
T(v=Table(rates=[True]).rates)  # unknown(v): a value that a pydantic model may convert
T(v=Table(sizes={1: 1} if not numbers else {"b": True}).sizes)  # unknown(v): a value that a pydantic model may convert


# Models are equal by class and fields; what is no field and compared all the same is not followed.
class Named(Inner):
    name: object = "a"


class Hidden(pydantic.BaseModel):
    size: int = 1
    _seen: int = 0


T(v=(one == one, Inner() == Inner(), Inner() == Inner(sizes=[2]), Inner() != Inner(), Inner() == Named(), Inner() == 1))  # config(T): {v: (True, True, False, False, False, False)}
T(v=Hidden() == Hidden())  # unknown(v): `==` on a Hidden
hidden = Hidden()
T(v=hidden == hidden)  # config(T): {v: True}
try:
    T(v=Inner() < Inner())
except TypeError:
    T(v="no order")  # config(T): {v: 'no order'}


class Frozen(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")
    size: int = 1


T(v=Frozen(size=3).size)  # config(T): {v: 3}


def tried(**given):
    try:
        return Frozen(**given).size
    except ValueError:
        return "raises"


T(v=tried(sise=4))  # unknown(v): the returned value depends on a condition
