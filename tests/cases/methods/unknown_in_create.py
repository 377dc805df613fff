# What _create cannot know stays dynamic, with the reason; the rest of the config is kept.
import os

import huldra


class Base(huldra.Huldra[int]):  # class: case.Base
    def _load(self): return 1


class Data(Base):  # class: case.Data
    name: str
    path: str = ""

    def _create(self): return 1


class Train(Base):  # class: case.Train
    corpus: str

    def _create(self):
        Data(name=self.corpus, path=os.environ["DATA"])  # unknown(path): os.environ, which is outside the project
        return 1


run = Train(corpus="wiki")  # edges(Train): nothing
