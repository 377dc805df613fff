# Experiments with special methods: operators, iteration, texts. Two configs are equal if their fields read the same.
import huldra
from huldra import chz


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self):
        return 1

    def _load(self):
        return 1


class Data(huldra.Huldra[int]):  # class: case.Data
    name: str
    parts: list = chz.field(default_factory=list)
    label: str = chz.field(default="", munger=lambda self, value: value or self.name)

    def _create(self):
        return 1

    def _load(self):
        return 1

    def __truediv__(self, part):
        return chz.replace(self, parts=[*self.parts, part])

    def __radd__(self, other):
        return self if other == 0 else NotImplemented

    def __or__(self, changes):
        return chz.replace(self, **changes)

    def __iter__(self):
        return iter(self.parts)

    def __len__(self):
        return len(self.parts)

    def __getitem__(self, index):
        return self.parts[index]

    def __lt__(self, other):
        return self.name < other.name

    def __str__(self):
        return f"<{self.name}>"

    def __call__(self, name):
        return Data(name=name)


class Odd(huldra.Huldra[int]):  # class: case.Odd
    n: int = 0

    def _create(self):
        return 1

    def _load(self):
        return 1

    def __add__(self, other):
        return chz.replace(self, n=int(input()))  # unknown(n): int(…) of a call of input, which is outside the project


wiki = Data(name="wiki") / "en" / "de"  # config(Data): {label: 'wiki', name: 'wiki', parts: []}
books = Data(name="books")  # config(Data): {label: 'books', name: 'books', parts: []}
a = T(v=[part.upper() for part in wiki])  # config(T): {v: ['EN', 'DE']}
b = T(v=(len(wiki), wiki[-1], "en" in wiki, bool(books)))  # config(T): {v: (2, 'de', True, False)}
c = T(v=[each.name for each in sorted([wiki, books])])  # config(T): {v: ['books', 'wiki']}
d = T(v=(str(books), f"{books}!"))  # config(T): {v: ('<books>', '<books>!')}
e = T(v=books == Data(name="books", label="books"))  # config(T): {v: True}
f = T(v=[wiki, books].index(Data(name="books")))  # config(T): {v: 1}
g = T(v=sum([books]) is books)  # config(T): {v: True}
h = T(v=(books | {"label": "b"}).label)  # config(T): {v: 'b'}
i = T(v=wiki("c4").label)  # config(T): {v: 'c4'}
j = Odd() + 1
