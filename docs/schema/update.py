"""Rewrite the JSON Schemas beside this file from the models of `huldra.exports`; `make schema` runs it."""

import sys
from pathlib import Path

from huldra.exports.schemas import DOCUMENTS, schema_text

for name in DOCUMENTS:
    path = Path(__file__).with_name(f"{name}.schema.json")
    path.write_text(schema_text(name), encoding="utf-8")
    sys.stdout.write(f"{path.name}\n")
