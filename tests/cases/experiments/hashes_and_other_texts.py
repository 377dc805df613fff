# Names by hash, paths as text, literals and tables in text: pure functions of the standard library are called.
import ast
import base64
import hashlib
import json
import os
import statistics
import sys
import tomllib
import uuid
import zlib
from bisect import bisect

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


CONFIG = {"lr": 0.1, "layers": [1, 2]}
T(v=hashlib.md5(json.dumps(CONFIG, sort_keys=True).encode()).hexdigest()[:8])  # config(T): {v: '89df0006'}
sha = hashlib.sha256(usedforsecurity=False)
sha.update(b"a")
before = sha.copy()
sha.update(b"b")
T(v=[sha.hexdigest() == hashlib.sha256(b"ab").hexdigest(), before.digest() == sha.digest()])  # config(T): {v: [True, False]}
if len(sys.argv) > 1:
    sha.update(b"c")
T(v=sha.hexdigest())  # unknown(v): the method hexdigest of a sha256
T(v=hashlib.sha1(sys.argv[0].encode()).hexdigest())  # unknown(v): a call of an instance of hashlib.sha1
T(v=[zlib.crc32(b"hello") % 100, base64.b64encode(b"hi").decode(), bisect([1, 3, 5], 4)])  # config(T): {v: [70, 'aGk=', 2]}
T(v=str(uuid.uuid5(uuid.NAMESPACE_DNS, "x")))  # config(T): {v: '05b16a01-46c6-56dd-bd6e-c6dfb4a1427a'}
T(v=os.path.join("data", "raw", "x.csv"))  # config(T): {v: 'data/raw/x.csv'}
T(v=os.path.splitext(os.path.basename("data/raw/x.csv"))[0])  # config(T): {v: 'x'}
T(v=os.path.join("data", sys.argv[0]))  # unknown(v): os.path.join(…) of sys.argv, which is outside the project
T(v=os.path.exists("data"))  # unknown(v): a call of os.path.exists, which is outside the project
T(v=ast.literal_eval("[1, (2, 3), {'a': None}]"))  # config(T): {v: [1, (2, 3), {'a': None}]}
T(v=tomllib.loads("[m]\nlr = 0.1\nxs = [1, 2]\n")["m"])  # config(T): {v: {'lr': 0.1, 'xs': [1, 2]}}
T(v=[statistics.mean([1, 2, 3, 4]), statistics.median([3, 1, 2])])  # config(T): {v: [2.5, 2]}


def parse(text):
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


T(v=[parse(text) for text in ("1", "0.5", "adam", "a b", "[1, 2]")])  # config(T): {v: [1, 0.5, 'adam', 'a b', [1, 2]]}
import calendar
import statistics
import urllib.parse

T(v=[statistics.fmean([1, 2]), statistics.quantiles([1, 2, 3, 4, 5], n=2), statistics.stdev([1, 3]) == 2**0.5])  # config(T): {v: [1.5, [3.0], True]}
T(v=[calendar.isleap(2024), urllib.parse.quote("a b/c")])  # config(T): {v: [True, 'a%20b/c']}
