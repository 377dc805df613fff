# Nested experiments are embedded whole, and are dependencies.
import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class Leaf(Base):  # class: case.Leaf
    k: int = 0


class Tree(Base):  # class: case.Tree
    left: Leaf = chz.field(default_factory=Leaf)
    rest: list = chz.field(default_factory=list)


a = Tree(rest=[Leaf(k=1)])  # config(Tree): {left: Leaf{k: 0}, rest: [Leaf{k: 1}]}
b = Tree(left=Leaf(k=2))  # edges(Tree): field left: Leaf{k: 2}
