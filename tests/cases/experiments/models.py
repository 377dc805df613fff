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
