"""Which members of an instance count: those that something names, and those that code outside calls by itself.

`Net()(x)` of a `torch.nn.Module` runs `Net.forward`, and nothing in the project says so.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from huldra.facts.expressions import Attribute, Call, Lambda, Name, dotted_name
from huldra.facts.statements import FunctionDefinition
from huldra.facts.walk import walk
from huldra.fingerprints.code import Code, Member
from huldra.fingerprints.model import names_read
from huldra.project.class_body import ClassBody
from huldra.project.symbols import FunctionSymbol

CALL_NOTHING = frozenset(
    {
        *("abc", "builtins", "chz", "collections", "dataclasses", "enum", "msgspec", "numbers"),
        *("pydantic", "pydantic_settings", "typing", "typing_extensions"),
    }
)
"""Modules whose classes call special methods alone of those that derive from them, or what is said below."""
_EXCEPTIONS = ("Error", "Exception", "Warning")
_MODULE = frozenset(
    {
        *("add_module", "apply", "bfloat16", "buffers", "children", "compile", "cpu", "cuda", "double", "eval"),
        *("extra_repr", "float", "forward", "get_buffer", "get_extra_state", "get_parameter", "get_submodule", "half"),
        *("ipu", "load_state_dict", "modules", "mtia", "named_buffers", "named_children", "named_modules"),
        *("named_parameters", "parameters", "register_backward_hook", "register_buffer", "register_forward_hook"),
        *("register_forward_pre_hook", "register_full_backward_hook", "register_full_backward_pre_hook"),
        *("register_load_state_dict_post_hook", "register_load_state_dict_pre_hook", "register_module"),
        *("register_parameter", "register_state_dict_post_hook", "register_state_dict_pre_hook", "requires_grad_"),
        *("set_extra_state", "set_submodule", "share_memory", "state_dict", "to", "to_empty", "train", "type", "xpu"),
        *("zero_grad", "_apply", "_call_impl", "_get_backward_hooks", "_get_backward_pre_hooks", "_get_name"),
        *("_load_from_state_dict", "_maybe_warn_non_full_backward_hook", "_named_members", "_slow_forward"),
        *("_register_load_state_dict_pre_hook", "_register_state_dict_hook", "_replicate_for_data_parallel"),
        *("_save_to_state_dict", "_version", "_wrapped_call_impl"),
    }
)
"""What a module of PyTorch (1.0 to 2.9) has itself: it can call no other method."""
_OVERRIDDEN: Mapping[str, frozenset[str]] = {
    "torch.nn.Module": _MODULE,
    "torch.nn.modules.Module": _MODULE,
    "torch.nn.modules.module.Module": _MODULE,
    "torch.utils.data.Dataset": frozenset(),
    "torch.utils.data.IterableDataset": frozenset(),
    "torch.utils.data.dataset.Dataset": frozenset(),
    "threading.Thread": frozenset({"run", "start", "join", "is_alive", "name", "daemon"}),
    "json.JSONEncoder": frozenset({"default", "encode", "iterencode"}),
}
"""Classes outside the project that call only what they have themselves, and what that is beside special methods."""
_CALLED_BY_NAME = frozenset({"_generate_next_value_", "_missing_", "model_post_init"})
"""What an enum and a model of pydantic call."""
_REGISTERING = frozenset(
    {
        *("field_validator", "model_validator", "validator", "root_validator", "validates"),
        *("computed_field", "field_serializer", "model_serializer", "serializer"),
    }
)
"""Decorators, by their last name, after which the library calls a method as an instance is made or shown."""


def named_members(code: Code, class_name: str, attributes: AbstractSet[str], *, is_root: bool) -> tuple[str, ...]:
    """Return the members of an instance that something may read: special methods, and what is an attribute somewhere.

    Args:
        code: The state of the code.
        class_name: The class of the instance.
        attributes: The attributes that are read anywhere in the closure.
        is_root: It is the instance that the closure is of.
    """
    defined = code.method_names(class_name)
    read = names_read(defined, attributes)
    names = {name for name in defined if name.startswith("__") and name.endswith("__")} | read
    names -= _asked_for(code, class_name)
    dialect = code.dialect(class_name)
    if dialect is not None and attributes & dialect.load_methods and not is_root:
        names.add(dialect.restore_method)
    return tuple(sorted(names))


def is_run(code: Code, class_name: str, member: Member) -> bool:
    """Whether a member of an instance may run code when it is read or called, though no `def` says so: `run = make`."""
    if member.kind == "imported" or member.name in _asked_for(code, class_name):
        return True
    module = code.module_of(member.owner) or ""
    parts = (part for value in member.values if value is not None for part in walk(value))
    return any(
        isinstance(part, Lambda)
        or (isinstance(part, Name) and code.member(member.owner, part.id).kind == "method")
        or (
            isinstance(part, Name | Attribute)
            and isinstance(code.symbols.resolve_expression(module, part), FunctionSymbol)
        )
        for part in parts
    )


def public_methods(code: Code, class_name: str) -> tuple[str, ...]:
    """Return the methods of an instance that a library may call which it is handed to."""
    info, tables = code.class_info(class_name), code.tables(class_name)
    if info is None or tables is None or info.dialect is not None:
        return ()
    members = (tables.body(ancestor).members.items() for ancestor in info.order if ancestor in tables.classes)
    found = {
        n for body in members for n, m in body if isinstance(m.value, FunctionDefinition) and not n.startswith("_")
    }
    return tuple(sorted(found))


def called_back(code: Code, class_name: str) -> tuple[str, ...]:
    """Return the methods of an instance that code outside the project may call without being told their names."""
    info, tables = code.class_info(class_name), code.tables(class_name)
    if info is None or tables is None:
        return ()
    overridden = [names for base in info.unseen if (names := _may_call(base)) is None or names]
    found = {
        name
        for ancestor in info.order
        if ancestor in tables.classes
        for name, member in tables.body(ancestor).members.items()
        if isinstance(member.value, FunctionDefinition)
        and (
            _is_registered(name, member.value)
            or _is_of_field(tables.body(ancestor), member.value)
            or any(names is None or name in names for names in overridden)
        )
    }
    return tuple(sorted(found - _asked_for(code, class_name)))


def _asked_for(code: Code, class_name: str) -> frozenset[str]:
    """Return the methods of an experiment that count only where they are asked for."""
    dialect = code.dialect(class_name)
    named = () if dialect is None else (dialect.create_method, dialect.validate_method, dialect.restore_method)
    return frozenset(named)


def is_open_base(base: str) -> bool:
    """Whether a class outside the project may call any method of what derives from it."""
    return _may_call(base) is None


def _may_call(base: str) -> frozenset[str] | None:
    """Return the names of the methods that a base class outside the project may call; None for any."""
    is_quiet = base.partition(".")[0] in CALL_NOTHING or base.endswith(_EXCEPTIONS)
    return frozenset() if is_quiet else _OVERRIDDEN.get(base)


def _is_registered(name: str, function: FunctionDefinition) -> bool:
    decorators = (each.function if isinstance(each, Call) else each for each in function.decorators)
    return name in _CALLED_BY_NAME or any(
        (dotted_name(each) or "").rpartition(".")[2] in _REGISTERING for each in decorators
    )


def _is_of_field(body: ClassBody, function: FunctionDefinition) -> bool:
    """Whether a method is handed to a field of its class, as attrs takes it: `@width.default`, `@width.validator`."""
    owners = (each.value for each in function.decorators if isinstance(each, Attribute))
    members = (body.members.get(owner.id) for owner in owners if isinstance(owner, Name) and owner.id in body.annotated)
    return any(member is not None and not isinstance(member.value, FunctionDefinition) for member in members)
