# What from_dict makes of a dict that is known is built as by a call; of one that is not, some config of the class is.
import json
from pathlib import Path
from typing import Annotated, Literal

import huldra


class Base(huldra.Huldra[int]):  # class: case.Base
    def _load(self): return 1


class Part(Base):  # class: case.Part
    k: int = 1
    at: Annotated[Path, "where"] = Path("there")

    def _create(self): return 1


class Data(Base):  # class: case.Data
    n: int = 1
    where: Path | None = None
    root: Path = Path("here")
    mode: Literal["a", "b"] = "a"
    named: "str" = ""
    v: object = None

    def _create(self): return 1


class Known(Base):  # class: case.Known
    k: int = 2

    def _create(self):
        given = {"__class__": "case.Data", "n": self.k, "root": "there", "where": "text", "mode": "b"}
        return Base.from_dict(given).load_or_create()  # config(from_dict): {mode: 'b', n: 2, named: '', root: Path('there'), v: None, where: 'text'}


class Inside(Base):  # class: case.Inside
    def _create(self):
        inner = [{"__class__": "case.Part", "k": 7}, (1, 2), {"a": None}]
        return Data.from_dict({"__class__": "case.Data", "v": inner}).load_or_create()  # configs(from_dict): 2


class OfTheLibrary(Base):  # class: case.OfTheLibrary
    def _create(self):
        first = huldra.Huldra.from_dict({"__class__": "case.Part", "k": 8})  # config(from_dict): {at: Path('there'), k: 8}
        return first.load_or_create() + self.from_dict(data={"__class__": "case.Part", "k": 9}).load_or_create()  # configs(from_dict): 1


class Unknown(Base):  # class: case.Unknown
    def _create(self):
        return Data.from_dict(json.loads(Path("n.json").read_text())).load_or_create()  # unknown(n): from_dict() of json.loads(


class Partly(Base):  # class: case.Partly
    def _create(self):
        given = {"__class__": "case.Data", "n": len(Path("config.json").read_text())}
        return Data.from_dict(given).load_or_create()  # unknown: n:


known = Known()  # edges(Known): method _create, line 35: Data{mode: 'b', n: 2, named: '', root: Path('there'), v: None, where: 'text'}
inside = Inside()  # edges(Inside): method _create, line 41: Data{mode: 'a', n: 1, named: '', root: Path('here'), v: [Part{at: Path('there'), k: 7}, (1, 2), {'a': None}], where: None}; method _create, line 41: Part{at: Path('there'), k: 7}
of_the_library = OfTheLibrary()  # edges(OfTheLibrary): method _create, line 46: Part{at: Path('there'), k: 8}; method _create, line 47: Part{at: Path('there'), k: 9}
unknown = Unknown()  # edges(Unknown): nothing
partly = Partly()  # edges(Partly): nothing

changed = Data.from_dict({"__class__": "case.Data", "named": "x"})  # unknown: named:
annotated = Base.from_dict({"__class__": "case.Part", "at": "x"})  # unknown: at:
no_texts = {"__class__": "case.Data", 3: 4}
no_class = (Data.from_dict({"n": 3}), Base.from_dict(json.loads("{}")))
for entry in ({"__class__": "case.Part", "k": k} for k in (20, 21)):
    Part.from_dict(entry)  # configs(from_dict): 2
for wrong in (no_texts, {"__class__": "case.Gone"}):
    try:
        Part.from_dict(wrong)  # unknown: k:
    except (TypeError, AttributeError):
        pass


def never_ends():
    itself = []
    itself.append(itself)
    Part.from_dict(itself)


try:
    never_ends()
except RecursionError:
    last = Part(k=30)  # config(Part): {at: Path('there'), k: 30}
