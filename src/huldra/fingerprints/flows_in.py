"""What a closure's definitions are made of, for who follows values through them. Reads a file when it must."""

from huldra.facts.expressions import Expression, Name
from huldra.facts.statements import AnnotatedAssign, FunctionDefinition
from huldra.fingerprints.acts import statements_acting
from huldra.fingerprints.code import Code
from huldra.fingerprints.effects import effects_on
from huldra.fingerprints.flows import DOCSTRING, NO_FLOWS, Flows, annotation_flows, flows_of
from huldra.fingerprints.programs import program_statements
from huldra.fingerprints.resolve import Node
from huldra.fingerprints.set_by_name import set_by_name
from huldra.fingerprints.source_texts import SOURCE
from huldra.fingerprints.written import import_writes


def flows_in(code: Code, node: Node) -> Flows:
    """Return the flows of a definition, which are the same in every closure of a state."""
    key = (node.kind, node.name, node.module, node.owner, node.label if node.kind == "description" else "")
    found = code.flows.get(key)
    if not isinstance(found, Flows):
        found = code.flows[key] = _read(code, node)
    return found


def _read(code: Code, node: Node) -> Flows:
    match node.kind:
        case "function" | "value":
            return flows_of(statement for statement, _ in code.module_statements(node.module, node.name))
        case "method":
            member = code.member(node.owner, node.name)
            return flows_of((*member.functions, *member.values), value_of=node.name)
        case "member" | "default":
            member = code.member(node.owner, node.name)
            return flows_of(member.values, value_of=node.name)
        case "class":
            info = code.class_info(node.name)
            return NO_FLOWS if info is None else flows_of((info.definition,))
        case "write":
            return flows_of(write.statement for write in import_writes(code, node.module, node.name))
        case "act":
            return flows_of(statement for statement, _ in statements_acting(code, node.module, node.name))
        case "effect":
            texts = (each.placed for each in set_by_name(code, node.module) if each.owner == node.name)
            return flows_of(statement for statement, _ in (*effects_on(code, node.module, node.name), *texts))
        case "program":
            return flows_of(statement for statement, _ in program_statements(code, node.name))
        case "description":
            is_read = node.label in {DOCSTRING, SOURCE}
            return NO_FLOWS if is_read else annotation_flows(each for _, each in annotations_of(code, node))
        case "type" | "decorators" | "instance" | "module":
            return NO_FLOWS


def annotated_names(code: Code, class_name: str) -> tuple[str, ...]:
    """Return the annotated names of a class and its ancestors, the furthest first, as a dataclass takes them."""
    info, tables = code.class_info(class_name), code.tables(class_name)
    if info is None or tables is None:
        return ()
    bodies = (tables.classes[name].definition.body for name in reversed(info.order) if name in tables.classes)
    return tuple(
        item.target.id
        for body in bodies
        for item in body
        if isinstance(item, AnnotatedAssign) and isinstance(item.target, Name)
    )


def annotations_of(code: Code, node: Node) -> tuple[tuple[str, Expression | None], ...]:
    """Return the names that a function, a method or a class annotates, each with its annotation."""
    info = None if node.owner or node.module else code.class_info(node.name)
    if info is not None:
        found = (item for item in info.definition.body if isinstance(item, AnnotatedAssign))
        return tuple((item.target.id, item.annotation) for item in found if isinstance(item.target, Name))
    functions = functions_of(code, node)[-1:]
    said = [(parameter.name, parameter.annotation) for each in functions for parameter in each.parameters]
    return (*said, *(("return", each.returns) for each in functions))


def functions_of(code: Code, node: Node) -> tuple[FunctionDefinition, ...]:
    """Return what defines a function or a method."""
    if node.owner:
        return code.member(node.owner, node.name).functions
    statements = (statement for statement, _ in code.module_statements(node.module, node.name))
    return tuple(statement for statement in statements if isinstance(statement, FunctionDefinition))
