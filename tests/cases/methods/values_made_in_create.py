# What one _create makes and passes on is there when _create of what it builds runs; nothing of it is lost in between.
import os

import huldra


class Base(huldra.Huldra[int]):  # class: case.Base
    def _load(self):
        return 1


class Layer(Base):  # class: case.Layer
    index: int

    def _create(self):
        return 1


class Probe(Base):  # class: case.Probe
    layers: list
    names: dict

    def _create(self):
        for index in self.layers:
            Layer(index=index).load_or_create()  # config(Layer): {index: 0}; {index: 1}
        for index in self.names.values():
            Layer(index=index).load_or_create()  # config(Layer): {index: 5}
        return 1


class Study(Base):  # class: case.Study
    count: int = 2

    def _create(self):
        layers = []
        for index in range(self.count):
            layers.append(index)
        Probe(layers=layers, names={key: 5 for key in "ab"}).load_or_create()
        return 1


class Picked(Base):  # class: case.Picked
    def _create(self):
        chosen = [int(os.environ["LAYER"])]
        Probe(layers=chosen, names={}).load_or_create()  # unknown(layers): int(…) of os.environ, which is outside the project
        return 1


study = Study()
picked = Picked()
