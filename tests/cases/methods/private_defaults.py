# What a private field holds is an edge of the experiment, though its hash leaves it out: of each config that has the hash.
import huldra


class Part(huldra.Huldra[int]):  # class: case.Part
    size: int = 1

    def _create(self): return 1
    def _load(self): return 1


class Whole(huldra.Huldra[int]):  # class: case.Whole
    name: str = "a"
    _part: object = huldra.chz.field(default_factory=lambda: Part(size=7))

    def _create(self): return 1
    def _load(self): return 1


plain = Whole(_part=None)  # edges(Whole): field _part: Part{size: 7}
full = Whole()  # edges(Whole): field _part: Part{size: 7}
other = Whole(name="b", _part=None)  # edges(Whole): nothing
