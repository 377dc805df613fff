"""`vars(value)` and `value.__dict__`: a dict that is what an instance holds.

Both are values of their own here. Whoever changes one puts the other in doubt (`Machine.touch`), until it is known
again: a dict that was changed in a way that is followed is settled at once, an instance's when it is next asked for.
"""

from huldra.experiments.evaluate.machine import ATTRIBUTES_CHANGED, Machine
from huldra.experiments.values import AbstractValue, ClassObject, DictObject, InstanceObject, Unknown
from huldra.facts.expressions import Call
from huldra.project.places import Place

_LEFT_TO_CLASS = Unknown("which fields the constructor sets as attributes", None)
_Owner = InstanceObject | DictObject
"""What has attributes that are a dict: an instance, or a SimpleNamespace."""


def attribute_dict(machine: Machine, owner: _Owner) -> DictObject:
    """Return the dict of what an instance holds: always the same, as in Python."""
    held = _content(owner)
    table = owner.mirror
    if isinstance(owner, InstanceObject) and owner.unknown is None and _may_be_left_to_class(machine, owner.cls):
        return DictObject({**held}, _LEFT_TO_CLASS)
    if not isinstance(table, DictObject):
        table = owner.mirror = DictObject({**held}, owner.unknown, mirror=owner)
    elif table.unknown is not owner.unknown or not _is_same(table, held):
        machine.note_change(table)
        table.items.clear()
        table.items.update(held)
        table.unknown = owner.unknown
    return table


def _may_be_left_to_class(machine: Machine, cls: ClassObject) -> bool:
    """Whether a dataclass has a field that its constructor does not set, for one with a default stays with the class.

    Or none at all, since it has slots.
    """
    classes, tables = machine.project.classes, machine.project.tables
    known = [name for name in cls.info.order if name in classes]
    members = (member.value for name in known for member in tables.body(name).members.values())
    decorators = (decorator for name in known for decorator in classes[name].definition.decorators)
    calls = (value for value in (*members, *decorators) if isinstance(value, Call))
    return any(argument.name in {"init", "slots"} for call in calls for argument in call.arguments)


def settle(table: DictObject) -> None:
    """Effect: let an instance hold what its dict holds, which has just been changed, if that is known."""
    owner = table.mirror
    if owner is None or owner.unknown is not ATTRIBUTES_CHANGED:
        return
    known = {key: value for key, value in table.items.items() if isinstance(key, str)}
    if table.unknown is not None or len(known) < len(table.items) or owner.mirror is not table:
        return
    if isinstance(owner, InstanceObject):
        owner.attributes.clear()
        owner.attributes.update(known)
    else:
        owner.items.clear()
        owner.items.update(known)
    owner.unknown = None


def set_attribute_dict(machine: Machine, owner: InstanceObject, value: AbstractValue, place: Place) -> None:
    """Effect: `owner.__dict__ = value`: the dict is what the instance holds from now on."""
    machine.touch(owner)
    is_free = owner.mirror is None and isinstance(value, DictObject) and value.mirror is None
    if not is_free or not isinstance(value, DictObject) or value.type_name != "dict":
        owner.unknown = owner.unknown or Unknown("its attributes were set as a dict that is not followed", place)
        return
    owner.mirror, value.mirror = value, owner
    owner.unknown = ATTRIBUTES_CHANGED
    settle(value)


def _content(owner: _Owner) -> dict[str, AbstractValue]:
    if isinstance(owner, InstanceObject):
        return owner.attributes
    return {key: value for key, value in owner.items.items() if isinstance(key, str)}


def _is_same(table: DictObject, held: dict[str, AbstractValue]) -> bool:
    return list(table.items) == list(held) and all(table.items[name] is value for name, value in held.items())
