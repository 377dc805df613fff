"""Which calls say something to a person and nothing to the result, so that their arguments do not count."""

from fnmatch import fnmatchcase

from huldra.facts.expressions import Call, Expression, Name, dotted_name
from huldra.facts.statements import AnnotatedAssign, Assign, Statement
from huldra.fingerprints.annotated import leaves_annotations
from huldra.fingerprints.code import Code
from huldra.fingerprints.flows_in import functions_of
from huldra.fingerprints.holdings import Holdings
from huldra.fingerprints.mentions import Mention, Quietness, SaidText
from huldra.fingerprints.name_patterns import text_of
from huldra.fingerprints.resolve import Context, Node, Resolver, Target
from huldra.formats.dialect import HULDRA

QUIET_CALLS = (
    *("builtins.print", "logging.*", "warnings.warn", "warnings.filterwarnings", "loguru.logger.*", "structlog.*"),
    *("rich.print", "rich.console.Console.print", "pprint.pprint", "library log"),
    *(f"{HULDRA.name}.{name}" for name in ("log", "write_separator")),
)
"""Calls whose arguments never count. `[tool.huldra.fingerprint] ignore-calls` adds to them."""

PROGRESS_BARS = ("tqdm.*", "rich.progress.track", "alive_progress.alive_it", "progressbar.progressbar")
"""Calls that give back what they are given, one by one."""

_RECORD_MAKERS = frozenset(
    {
        *("dataclasses.dataclass", "attrs.define", "attrs.frozen", "attrs.mutable", "attr.define", "attr.frozen"),
        *("attr.mutable", "attr.s", "attr.attrs", "attr.attributes", "attr.dataclass"),
    }
)
"""Decorators that do the same called without arguments and not called at all."""
_FIELD_MAKERS = frozenset(
    {"dataclasses.field", "attrs.field", "attr.field", "attr.ib", "attr.attrib", "chz.field", "huldra.field"}
)
_CALLED = frozenset({"function", "method", "class"})
_LOGGERS = frozenset({"log", "logger", "_log", "_logger", "LOG", "LOGGER"})
_LEVELS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log", "success", "trace"})
_LOGGER_FACTORIES = frozenset({"getLogger", "get_logger"})


class QuietCallsIn:
    """Says of the calls in one context whether they are quiet."""

    def __init__(self, code: Code, patterns: tuple[str, ...], context: Context) -> None:
        self._code = code
        self._patterns = (*QUIET_CALLS, *patterns)
        self._context = context
        self._resolver = Resolver(code, Holdings())

    def __call__(self, mention: Mention) -> Quietness:
        """Return what of a call counts."""
        path = mention.path
        if len(path) > 1 and path[-2] in _LOGGERS and path[-1] in _LEVELS:
            return "arguments"
        targets = self._resolver.resolve(mention, self._context).targets
        for target in targets:
            names = (mention.spelling, self._name(target.node, target.rest))
            if any(fnmatchcase(name, pattern) for name in names for pattern in PROGRESS_BARS):
                return "wrapper"
            if any(fnmatchcase(name, pattern) for name in names for pattern in self._patterns):
                return "arguments"
        is_own = any(isinstance(target.node, Node) and target.node.kind in _CALLED for target in targets)
        return "followed" if is_own else ""

    def is_memo(self, mention: Mention) -> bool:
        """Return whether a decorator is `functools.lru_cache`."""
        targets = self._resolver.resolve(mention, self._context).targets
        return [target.node for target in targets] == ["functools.lru_cache"]

    def leaves_annotations(self, mention: Mention) -> bool:
        """Return whether a decorator is known to leave the annotations of what it decorates alone."""
        targets = self._resolver.resolve(mention, self._context).targets
        return bool(targets) and all(leaves_annotations(self._code, target.node) for target in targets)

    def is_record_maker(self, mention: Mention) -> bool:
        """Return whether something makes records of classes, as `dataclasses.dataclass` does."""
        targets = self._resolver.resolve(mention, self._context).targets
        return bool(targets) and all(target.node in _RECORD_MAKERS for target in targets)

    def takes_in_any_order(self, mention: Mention) -> bool:
        """Return whether something cannot tell in which order it is given arguments by keyword.

        It is a maker of records or of their fields, or a function that takes no other keywords than it names.
        """
        targets = self._resolver.resolve(mention, self._context).targets
        return bool(targets) and all(
            target.node in _RECORD_MAKERS | _FIELD_MAKERS
            or (isinstance(target.node, Node) and not target.rest and self._names_keywords(target.node))
            for target in targets
        )

    def _names_keywords(self, node: Node) -> bool:
        """Whether a function or a method names all the keywords that it takes, and nothing decorates it."""
        found = functions_of(self._code, node) if node.kind in {"function", "method"} else ()
        return bool(found) and not any(
            function.decorators or any(parameter.kind == "var_keyword" for parameter in function.parameters)
            for function in found
        )

    def text_of(self, mention: Mention) -> SaidText | None:
        """Return the text that a constant or an attribute of a class is given, if it is given one and no more."""
        is_settled = False
        match self._resolver.resolve(mention, self._context).targets:
            case (Target(node=Node(kind="value", module=module, name=name), rest=()),):
                is_settled = True
                values = tuple(_value_of(statement) for statement, _ in self._code.module_statements(module, name))
            case (Target(node=Node(kind="member", owner=owner, name=name), rest=()),):
                values = self._code.member(owner, name).values
            case (Target(node=Node(kind="class", name=owner), rest=(name,)),):
                values = self._code.member(owner, name).values
            case _:
                return None
        value = values[0] if len(values) == 1 else None
        text = None if value is None else text_of(value)
        return None if text is None else SaidText(text, is_settled)

    def _name(self, node: Node | str, rest: tuple[str, ...]) -> str:
        if isinstance(node, str):
            return node
        owner = node.module or node.owner
        full = f"{owner}.{node.name}" if owner else node.name
        if node.kind == "value" and rest and rest[-1] in _LEVELS and self._is_logger(node):
            return "logging.Logger"
        return ".".join((full, *rest))

    def _is_logger(self, node: Node) -> bool:
        for statement, _ in self._code.module_statements(node.module, node.name):
            if isinstance(statement, Assign | AnnotatedAssign) and isinstance(statement.value, Call):
                factory = (dotted_name(statement.value.function) or "").rpartition(".")[2]
                if factory in _LOGGER_FACTORIES:
                    return True
        return False


def _value_of(statement: Statement) -> Expression | None:
    """Return what a statement gives a single name."""
    match statement:
        case Assign(targets=(Name(),), value=value) | AnnotatedAssign(target=Name(), value=value):
            return value
        case _:
            return None
