"""Which attributes that methods reach by `self` are one table for all instances: a value in the class's own body."""

from collections.abc import Iterator

from huldra.facts.expressions import Attribute, Name
from huldra.facts.statements import Assign, ClassDefinition, FunctionDefinition
from huldra.facts.walk import walk
from huldra.fingerprints.code import Code
from huldra.fingerprints.model import Lines
from huldra.project.fields import FieldTables


def class_with_table(code: Code, class_name: str, attribute: str) -> tuple[frozenset[str], frozenset[Lines]]:
    """Return the class whose body gives an attribute its value, if no method gives an instance one of its own.

    With it come the lines of the classes that were looked at.
    """
    tables = code.tables(class_name)
    if tables is None:
        return frozenset(), frozenset()
    infos = [info for each in tables.classes[class_name].order if (info := tables.classes.get(each)) is not None]
    places = [info.origin.place(info.definition.at) for info in infos]
    lines = frozenset((place.file, place.line, place.end_line) for place in places)
    return frozenset(_class_with_table(tables, class_name, attribute)), lines


def _class_with_table(tables: FieldTables, class_name: str, attribute: str) -> Iterator[str]:
    order = [each for each in tables.classes[class_name].order if each in tables.classes]
    for ancestor in order:
        body = tables.body(ancestor)
        member = body.members.get(attribute)
        if member is None:
            continue
        is_plain = not isinstance(member.value, FunctionDefinition | ClassDefinition) and member.value is not None
        is_field = attribute in body.annotated and attribute not in body.class_variables
        is_own = any(attribute in _set_on_instances(tables.classes[each].definition) for each in order)
        if is_plain and not is_field and not is_own:
            yield ancestor
        return


def _set_on_instances(definition: ClassDefinition) -> frozenset[str]:
    """Return the attributes that methods give to what they work on."""
    found: set[str] = set()
    for item in definition.body:
        if not isinstance(item, FunctionDefinition) or not item.parameters:
            continue
        receiver = item.parameters[0].name
        for node in walk(item):
            targets = node.targets if isinstance(node, Assign) else ()
            for target in targets:
                if isinstance(target, Attribute) and isinstance(target.value, Name) and target.value.id == receiver:
                    found.add(target.name)
    return frozenset(found)
