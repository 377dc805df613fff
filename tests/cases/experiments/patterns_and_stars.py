# Patterns that come to an end soon are applied; star imports of the standard library are looked into.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import re
import string
from math import *

T(v=(sqrt(4), re.sub(r"\W+", "_", "a b"), re.findall(r"\d+", "1 22"), list(map(str.upper, "ab"))))  # config(T): {v: (2.0, 'a_b', ['1', '22'], ['A', 'B'])}
T(v=re.sub(r"(a+)+b", "", "aaaa"))  # unknown(v): re.sub with a pattern or a text that may take long
if found := re.match(r"(?P<kind>[a-z]+)-(\d+)", "ab-12"):
    T(v=(found.group("kind"), found[2], found.groups(), found.groupdict(), found.start(2)))  # config(T): {v: ('ab', '12', ('ab', '12'), {'kind': 'ab'}, 3)}
number = re.compile(r"\d+")
T(v=([each.group() for each in number.finditer("1 22")], number.sub("_", "a1"), number.search("a")))  # config(T): {v: (['1', '22'], 'a_', None)}
T(v=re.compile(r"(a+)+b").sub("", "aaaa"))  # unknown(v): the method sub of a pattern that may take long
T(v=re.match("a", "A", re.IGNORECASE) is None)  # unknown(v): re.match(…) of an operation on a re.IGNORECASE that is not followed
T(v=string.Template("$a-${b}").substitute(a=1, b="x"))  # config(T): {v: '1-x'}
T(v=string.Template("$a-$b").safe_substitute({"a": print}))  # unknown(v): the method safe_substitute with an operation on a builtins.print that is not followed
T(v=[re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", "LargeBatch2Train").lower(), re.sub(r"(?<!^)(?=[A-Z])", "-", "LargeBatch")])  # config(T): {v: ['large_batch2_train', 'Large-Batch']}
T(v=re.fullmatch(r"(\w+)-(\d{4})-(\d{2})-(\d+)\.(\w+)", "wiki-2024-05-01.txt").groups())  # config(T): {v: ('wiki', '2024', '05', '01', 'txt')}
T(v=re.sub(r"\s+", " ", "many  words " * 100).count(" "))  # config(T): {v: 200}
T(v=re.sub(r"\w*\w*\w*b", "", "a" * 120))  # unknown(v): re.sub with a pattern or a text that may take long
