"""Code that a run loads by values of its config: `import_module(f"lab.models.{self.kind}")`, a field with a name."""

from msgspec import Struct
from msgspec.structs import replace

from huldra.comparison.code_changes import loading_values
from huldra.comparison.value_patterns import in_plain, words_of
from huldra.fingerprints.holdings import Holdings
from huldra.fingerprints.model import Closure
from huldra.fingerprints.programs import loads_by_name, may_name_code
from huldra.fingerprints.states import CodeState
from huldra.project.modules import ModuleTable


class CodeByValue(Struct, frozen=True):
    """What the code of runs of one class and state may load by values.

    Attributes:
        values: The values by which it may load something.
        words: What it writes down, where a value may come from, too.
        is_any: It runs or loads code that a text names, whatever that says.
    """

    values: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    is_any: bool = False

    def meant(self, own: frozenset[str]) -> frozenset[str]:
        """Return by which values a run loads: those that its config holds; else what may have given others.

        Args:
            own: What the config holds.
        """
        plainly = frozenset(map(in_plain, own))
        otherwise = (value for value in self.values if value in self.words or in_plain(value) in plainly)
        return self.values & own or frozenset(otherwise) or self.values

    def named(self, own: frozenset[str], modules: ModuleTable) -> frozenset[str]:
        """Return the texts of a config that may name code of the project, where the code makes use of such texts."""
        named = filter(may_name_code, own) if self.is_any else ()
        return frozenset(text for text in named if text.endswith(".py") or modules.has(_top(text)))


NO_CODE_BY_VALUE = CodeByValue()


def code_by_value(closure: Closure) -> CodeByValue:
    """Return what the code of a closure may load by values."""
    values, is_any = loading_values(closure), loads_by_name(closure)
    if not values and not is_any:
        return NO_CODE_BY_VALUE
    return CodeByValue(values, words_of(closure) if values else frozenset(), is_any)


def closure_with_named(
    state: CodeState, class_name: str, create: str, held: Holdings, own: frozenset[str], modules: ModuleTable
) -> Closure | None:
    """Return what making a run reaches, the code included that its config names; None if there is no such class.

    Args:
        state: The code.
        class_name: The class of the run.
        create: The method that makes it.
        held: What its config holds.
        own: The texts in its config.
        modules: The modules of the project.
    """
    closure = state.closure(class_name, (create,), held)
    named = frozenset[str]() if closure is None else code_by_value(closure).named(own, modules)
    return state.closure(class_name, (create,), replace(held, code=named)) if named else closure


def _top(text: str) -> str:
    return text.partition(":")[0].partition(".")[0]
