"""What building a config of a class has to ask of the class, found out once: most classes have nothing to ask."""

from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.evaluate.recorded import Construction
from huldra.experiments.values import ClassObject
from huldra.facts.expressions import Constant
from huldra.facts.statements import FunctionDefinition
from huldra.project.symbols import ExternalSymbol


def construction_of(machine: Machine, cls: ClassObject) -> Construction:
    """Return what building a config of a class has to ask of it."""
    if cls.info.is_local:
        return _construction(machine, cls)  # each time that a function makes it, it may have other bases
    kept = machine.constructions.get(cls.name)
    if kept is None:
        kept = machine.constructions[cls.name] = _construction(machine, cls)
    return kept


def plain_fields(machine: Machine, cls: ClassObject) -> frozenset[str]:
    """Return the fields that read as what was passed: nothing along the order computes, munges or hides them."""
    kept = machine.plain_fields.get(cls.name)
    if kept is None:
        tables = machine.project.tables
        ancestors = [name for name in cls.info.order if name in machine.project.classes]
        declared = [(ancestor, tables.declared(ancestor)) for ancestor in ancestors]
        computed = {
            name
            for ancestor, fields in declared
            for name, member in tables.body(ancestor).members.items()
            if member.kind in {"property", "init_property"} or all(field.raw_name != name for field in fields)
        }
        fields = (field for _, fields in declared for field in fields)
        computed |= {field.name for field in fields if field.munger is not None or field.converter is not None}
        kept = machine.plain_fields[cls.name] = frozenset(tables.table(cls.name)) - computed
    return kept


def _construction(machine: Machine, cls: ClassObject) -> Construction:
    tables, classes = machine.project.tables, machine.project.classes
    fields, order = tables.table(cls.name).values(), cls.info.order
    ancestors = [name for name in order if name in classes]
    keywords = (argument for name in ancestors for argument in classes[name].keywords)
    return Construction(
        tuple(field for field in fields if field.validators is not None),
        tuple(field.name for field in fields if field.munger is not None or field.converter is not None),
        tuple((name, _validate_methods(machine, name)) for name in reversed(ancestors)),
        tuple(
            dict.fromkeys(
                name
                for ancestor in ancestors
                for name, member in tables.body(ancestor).members.items()
                if member.kind == "init_property"
            )
        ),
        any(
            argument.name == "typecheck" and isinstance(argument.value, Constant) and argument.value.word == "True"
            for argument in keywords
        ),
    )


def _validate_methods(machine: Machine, name: str) -> tuple[str, ...]:
    resolve, module = machine.project.symbols.resolve_expression, machine.project.classes[name].module
    return tuple(
        method
        for method, member in machine.project.tables.body(name).members.items()
        if isinstance(member.value, FunctionDefinition)
        and any(_is_validate(resolve(module, decorator)) for decorator in member.value.decorators)
    )


def _is_validate(symbol: object) -> bool:
    return isinstance(symbol, ExternalSymbol) and symbol.name.removeprefix("huldra.") == "chz.validate"
