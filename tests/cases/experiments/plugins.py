# Modules that are imported for what they put into a table are those of the package, in order; by names from a disk, in doubt.
#: file job.py
import huldra


class Job(huldra.Huldra[int]):  # class: job.Job
    v: object = None

    def _create(self): return 1
    def _load(self): return 1
#: file tasks/__init__.py
import importlib
import pkgutil

TASKS = {}

for found in pkgutil.iter_modules(__path__):
    if found.name != "left_out":
        importlib.import_module(f"{__name__}.{found.name}")
#: file tasks/b_first.py
from tasks import TASKS

TASKS["b"] = 2
#: file tasks/b.py
from . import TASKS

TASKS["before"] = 1
#: file tasks/inner/__init__.py
#: file tasks/inner/deep.py
DEEP = 3
#: file tasks/left_out.py
raise ValueError("nobody imports it")
#: file walked/__init__.py
import importlib
import pkgutil

ALL = []
SEEN = []

for _, name, is_package in pkgutil.walk_packages(__path__, prefix=__name__ + "."):
    SEEN.append((name, is_package))
    importlib.import_module(name)
#: file walked/alone.py
from walked import ALL

ALL.append("alone")
#: file walked/part/__init__.py
from walked import ALL

ALL.append("part")
#: file walked/part/deep.py
from walked import ALL

ALL.append("deep")
#: file listed/__init__.py
import importlib
from pathlib import Path

TABLE = {}
OWN = {"own": 1}

for path in sorted(Path(__file__).parent.glob("*.py")):
    if path.stem != "__init__":
        importlib.import_module(f".{path.stem}", __package__)
#: file listed/add.py
from listed import TABLE

TABLE["add"] = 1
#: file starred/__init__.py
__all__ = ["one"]
FOUND = []
#: file starred/one.py
from starred import FOUND

FOUND.append("one")
#: file loading.py
import importlib
import pkgutil


def load_all(package):
    names = [found.name for found in pkgutil.iter_modules(package.__path__, package.__name__ + ".")]
    return [importlib.import_module(name).__name__ for name in names]
#: file loaded/__init__.py
KEPT = []
#: file loaded/late.py
import loaded

loaded.KEPT.append("late")
#: file named/__init__.py
import importlib
import time

NAMED = {}
importlib.import_module("named.add" if time.time() > 0 else "named.other")
#: file named/add.py
from named import NAMED

NAMED["add"] = 1
#: file named/other.py
from named import NAMED

NAMED["add"] = 2
#: file case.py
import listed
import loaded
import named
import starred
import walked
from job import Job
from loading import load_all
from starred import *
from tasks import TASKS

a = Job(v=TASKS)  # config(Job): {v: {'before': 1, 'b': 2}}
b = Job(v=(walked.ALL, walked.SEEN))  # config(Job): {v: (['alone', 'part', 'deep'], [('walked.alone', False), ('walked.part', True), ('walked.part.deep', False)])}
c = Job(v=listed.TABLE)  # unknown(v): depends on the loop: a call of the place of a file on disk
d = Job(v=listed.OWN)  # config(Job): {v: {'own': 1}}
e = Job(v=(starred.FOUND, one.__name__))  # config(Job): {v: (['one'], 'starred.one')}
f = Job(v=(load_all(loaded), loaded.KEPT))  # config(Job): {v: (['loaded.late'], ['late'])}
g = Job(v=named.NAMED)  # unknown(v): it may be changed by a module that is imported here, whose name is not known
