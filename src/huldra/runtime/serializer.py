"""The public façade of identity and serialisation: names only, all work is done elsewhere."""

from huldra.formats.config_documents import CLASS_MARKER
from huldra.formats.identity import canonical_json, identity_hash
from huldra.runtime import documents, source_text
from huldra.runtime.log import log
from huldra.runtime.values import class_path_of, to_value


class HuldraSerializer:
    """What a config is called, hashed and written as."""

    CLASS_MARKER = CLASS_MARKER

    @staticmethod
    def get_classname(obj: object) -> str:
        """Return `module.qualname` of an object's class; raise ValueError for `__main__`."""
        return class_path_of(obj)

    @staticmethod
    def to_dict(obj: object) -> object:
        """See `documents.to_dict`."""
        return documents.to_dict(obj)

    @staticmethod
    def from_dict(data: object) -> object:
        """See `documents.from_dict`."""
        return documents.from_dict(data)

    @staticmethod
    def compute_hash(obj: object, verbose: bool = False) -> str:  # noqa: FBT001, FBT002  the contract's signature
        """Return the 20 hex digits of any config value; with `verbose` the text that is hashed is logged."""
        value = to_value(obj)
        if verbose:
            log(f"canonical form: {canonical_json(value)}")
        return identity_hash(value)

    @staticmethod
    def to_python(obj: object, multiline: bool = True) -> str:  # noqa: FBT001, FBT002  the contract's signature
        """See `source_text.to_python`."""
        return source_text.to_python(obj, multiline=multiline)
