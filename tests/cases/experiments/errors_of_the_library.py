# What the standard library raises is caught by the handlers that name it, or an ancestor of it.
import json
import re

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


try:
    re.compile("[a")
except re.error:
    T(v="pattern")  # config(T): {v: 'pattern'}
try:
    json.loads("{")
except ValueError:
    T(v="json")  # config(T): {v: 'json'}
try:
    json.loads("{")
except json.JSONDecodeError:
    T(v="decoded")  # config(T): {v: 'decoded'}
try:
    re.compile(huldra.__doc__ or "a")
except re.error:
    T(v="perhaps")  # conditional(T): yes
