"""Names of files and directories of a project that something follows from. Imports next to nothing."""

from huldra.formats.dialect import DIALECTS

ACCEPTED_FILE = "huldra-accepted.toml"

# The first furu called its store so; later ones turned the words round.
_FIRST_FURU_STORE = "data-furu"
DEFAULT_STORES = (*(dialect.default_store for dialect in DIALECTS), _FIRST_FURU_STORE)
