"""What one call of an experiment reaches inside the project: a worklist over mentions, until nothing new is found.

Everything that is named counts, called or not, so functions that travel as values are in. An attribute of a value
whose class is not known leads to every class that the closure has seen (as in rapid type analysis: Bacon and Sweeney,
Fast Static Analysis of C++ Virtual Function Calls, 1996).
"""

from collections.abc import Sequence

from msgspec.structs import replace

from huldra.fingerprints.acts import acts_on, lines_asked
from huldra.fingerprints.called_members import called_back, named_members, public_methods
from huldra.fingerprints.code import Code
from huldra.fingerprints.compiled import OPERATORS, compiled_as, compiled_imports, compiled_modules
from huldra.fingerprints.describe import Described, describe, describe_part, is_decorated
from huldra.fingerprints.drafts import Draft
from huldra.fingerprints.effects import loaded_beside, packages_acted_on
from huldra.fingerprints.enum_members import parted
from huldra.fingerprints.filled import add_uses, made_into, put_in, reached_without_scripts
from huldra.fingerprints.flows import DESCRIPTIONS
from huldra.fingerprints.given_away import given_away
from huldra.fingerprints.holdings import ROOT_LABEL, Holdings
from huldra.fingerprints.libraries import SCHEMAS, descriptions_read, is_library
from huldra.fingerprints.loaded import loaded_modules
from huldra.fingerprints.looked_through import LookedThrough
from huldra.fingerprints.mentions import Dynamic, Mention
from huldra.fingerprints.model import (
    ALL_OF,
    BY_VALUE,
    DECORATORS,
    EFFECT,
    FLOWING,
    GIVEN_AWAY,
    HELD,
    INSTANCES,
    MEMBER,
    PROGRAM,
    REGISTERED,
    SET_BY_IMPORT,
    SET_ELSEWHERE,
    Closure,
    Doubt,
    Reference,
    computed,
)
from huldra.fingerprints.names_asked import add_names_asked
from huldra.fingerprints.passed import add_passed
from huldra.fingerprints.programs import (
    code_named,
    code_named_by_value,
    loaded,
    names_entry_point,
    runs_code,
    said_of_runner,
)
from huldra.fingerprints.registrations import Registered
from huldra.fingerprints.resolve import Node, Resolver
from huldra.fingerprints.set_by_name import owners_set
from huldra.fingerprints.written import Write, concerns, specials_set, writes_of
from huldra.formats.names import short_name
from huldra.project.imported import with_parents


def build_closure(
    code: Code,
    class_name: str,
    methods: tuple[str, ...],
    holdings: Holdings,
    ignored_calls: tuple[str, ...] = (),
    flowing: frozenset[str] = frozenset(),
) -> Closure | None:
    """Return what a call of methods of a class reaches; None if the code has no such class.

    Args:
        code: The state of the code.
        class_name: `module.qualname` of an experiment class in that state.
        methods: The methods that are called.
        holdings: What the config of the instance holds.
        ignored_calls: Patterns of calls whose arguments do not count, beside the built-in ones.
        flowing: Classes whose instances may come out of the results that the config holds.
    """
    if code.class_info(class_name) is None:
        return None
    builder = _Builder(code, holdings, ignored_calls)
    root = Node("instance", class_name, instance=class_name, label=ROOT_LABEL)
    builder.index(root)
    builder.add_members(root, methods)
    for label, held in sorted(holdings.classes.items()):
        if label != ROOT_LABEL:
            builder.add_held(label, held)
    for name in sorted(flowing):
        builder.add_flowing(name, is_alone=sum(short_name(other) == short_name(name) for other in flowing) == 1)
    builder.run()
    return builder.closure()


class _Builder:
    """The worklist."""

    def __init__(self, code: Code, holdings: Holdings, ignored_calls: tuple[str, ...]) -> None:
        self._code = code
        self._holdings = holdings
        self._ignored = ignored_calls
        self._resolver = Resolver(code, holdings)
        self._looked = LookedThrough(code, self._resolver)
        self._indices: dict[Node, int] = {}
        self._drafts: list[Draft] = []
        self._waiting: list[int] = []
        self._attributes: set[str] = set()
        self._doubts: dict[Doubt, None] = {}
        self._outside: set[str] = set()
        self._names_outside: set[str] = set()
        self._damaged: set[str] = set()
        self._spelled: set[str] = set()
        self._writes: dict[str, tuple[Write, ...]] = {}
        self._loaded_by_library: set[str] = set()
        self._runs_code = False
        self._runs_operators: list[tuple[Draft, int]] = []

    def index(self, node: Node) -> int:
        """Return the index of a definition, which is looked into later if it is new."""
        if node not in self._indices:
            self._indices[node] = len(self._drafts)
            self._drafts.append(Draft(node, describe(self._code, node, self._ignored)))
            self._waiting.append(self._indices[node])
        return self._indices[node]

    def add_held(self, label: str, class_name: str) -> None:
        """Let the first definition refer to a config that its own holds."""
        index = self.index(Node("instance", class_name, instance=class_name, label=label))
        self._drafts[0].references.append(Reference(-1, f"{HELD}{label}", index))

    def add_flowing(self, class_name: str, *, is_alone: bool) -> None:
        """Let the first definition refer to instances that a result it loads may hold.

        `is_alone`: no other such class has the same last name, so that the class may move.
        """
        spelling = f"{FLOWING}{short_name(class_name) if is_alone else class_name}"
        index = self.index(Node("instance", class_name, instance=class_name, label=spelling))
        self._drafts[0].references.append(Reference(-1, spelling, index, is_certain=False))

    def run(self) -> None:
        """Look into everything that is waiting, and into what sets any of it elsewhere, until there is no more."""
        while self._waiting:
            self._reach()
            self._add_written()
            self._add_effects()
            self._add_acts()
            self._add_programs()
            self._add_looked_through()
            if not self._waiting:
                self._add_called_back()
        self._split_enums()

    def _split_enums(self) -> None:
        """Let enums of which not all members can be met refer to those that are used."""
        for index, draft in enumerate(tuple(self._drafts)):
            found = parted(self._code, self._drafts, index)
            if found is not None:
                draft.described = describe_part(self._code, draft.node, self._ignored, found[0])
                draft.references[:] = [r for r in draft.references if r.slot < 0 and r.spelling != INSTANCES]
                self._look_into(draft)
                draft.references += (Reference(-1, f"{MEMBER}{n.name}", self.index(n)) for n in found[1])
        self._reach()

    def _add_called_back(self) -> None:
        """Let instances refer to what code outside the project may call, once it is known what the project does."""
        instances = [draft for draft in self._drafts if draft.node.kind == "instance"]
        for draft in instances:
            self.add_members(draft.node, called_back(self._code, draft.node.instance), is_named=False)
        found = [(draft, public_methods(self._code, draft.node.instance)) for draft in instances]
        unnamed = [(draft, methods) for draft, methods in found if not draft.members.issuperset(methods)]
        # Where values go is much to ask for; most instances have no method that nothing names, and most docstrings are
        # for people.
        is_given = self._loaded_by_library or any(map(is_library, self._names_outside))
        if not (unnamed and is_given) and not self._reads_descriptions():
            return
        definitions = [(draft.node, draft.described.context) for draft in self._drafts]
        with_schemas = not SCHEMAS.isdisjoint(self._attributes)
        given = given_away(self._code, self._resolver, definitions, with_schemas=with_schemas)
        for draft, methods in unnamed:
            if draft.node.instance in given.classes | self._loaded_by_library:
                self.add_members(draft.node, methods, is_named=False, prefix=GIVEN_AWAY)
        for node, attribute in given.described:
            draft = self._drafts[self._indices.get(node, 0)]
            self._add_once(draft, attribute, replace(node, kind="description", instance="", label=attribute))

    def _reads_descriptions(self) -> bool:
        return not (DESCRIPTIONS | SCHEMAS).isdisjoint(self._spelled) or any(
            map(descriptions_read, self._names_outside)
        )

    def _reach(self) -> None:
        """Look into everything that is waiting, and into what attributes lead to, until there is no more."""
        while self._waiting:
            while self._waiting:
                self._look_into(self._drafts[self._waiting.pop()])
            for draft in tuple(self._drafts):
                if draft.node.kind == "instance":
                    is_root = draft.node.label == ROOT_LABEL
                    known = self._attributes - computed(self._attributes)
                    names = named_members(self._code, draft.node.instance, known, is_root=is_root)
                    self.add_members(draft.node, names)
                    if len(known) < len(self._attributes):
                        names = named_members(self._code, draft.node.instance, self._attributes, is_root=is_root)
                        self.add_members(draft.node, names, is_named=False)
                elif draft.node.kind == "module":
                    self._add_named(draft)
                elif draft.node.kind == "class":
                    self._add_registered(draft, made_into(self._code, draft.node.name, self._attributes))

    def _look_into(self, draft: Draft) -> None:
        described = draft.described
        form = described.form
        self._attributes.update(form.attributes)
        self._spelled.update(form.attributes, (short_name(draft.node.name),), *(m.path for m in form.mentions))
        for dynamic in form.dynamic:
            self._doubt(described, dynamic, dynamic.message)
            self._runs_code = self._runs_code or runs_code(dynamic.message)
        self._looked.take_in(form.uses.looks, form.mentions, described.context)
        for slot, mention in enumerate(form.mentions):
            resolution = self._resolver.resolve(mention, described.context)
            self._attributes.update(resolution.attributes)
            if resolution.damaged is not None:
                self._damaged.add(resolution.damaged)
            if resolution.doubt is not None:
                self._doubt(described, mention, resolution.doubt)
            line, said = described.first_line + mention.at[0], "" if resolution.damaged else resolution.doubt or ""
            for name in compiled_modules(self._code, mention, described.context):
                draft.compiled[compiled_as(self._code, name, line, said)] = None
            for target in resolution.targets:
                said = said_of_runner(target.node) if isinstance(target.node, str) else None
                if said is not None:
                    self._runs_code = True
                    self._doubt(described, mention, said)
                if not isinstance(target.node, str) and target.node.kind == "module" and not target.rest:
                    self._looked.take_in_value(target.node.name)
                if isinstance(target.node, str) and target.node.startswith(OPERATORS):
                    self._runs_operators.append((draft, line))
                where: int | str
                where = self._seen(target.node) if isinstance(target.node, str) else self.index(target.node)
                rest = ".".join(target.rest)
                called = mention.at in form.uses.called
                draft.references.append(Reference(slot, mention.spelling, where, rest, target.label, is_called=called))
        outside = {reference.target for reference in draft.references if isinstance(reference.target, str)}
        self._looked.take_in_walk(form, outside, described.context)
        if draft.node.kind == "instance" and draft.node.label:
            self._add_decorators(draft)
        self._add_registered(draft, put_in(self._code, draft.node))
        if draft.node.kind == "class":
            instance = self.index(Node("instance", draft.node.name, instance=draft.node.name))
            draft.references.append(Reference(-1, INSTANCES, instance))

    def _doubt(self, described: Described, at: Mention | Dynamic, message: str) -> None:
        line = described.first_line + at.at[0]
        self._doubts[Doubt(message, described.name, described.file, line)] = None

    def _add_named(self, draft: Draft) -> None:
        """Let a module that travels as a value, or is looked through, refer to what may be read of it."""
        for prefix, name in self._looked.named(draft.node, frozenset(self._attributes)):
            if f"{prefix}{name}" not in draft.members:
                draft.members.add(f"{prefix}{name}")
                node = self._resolver.named_in_module(draft.node.name, name)
                if node is not None:
                    draft.references.append(Reference(-1, f"{prefix}{name}", self.index(node), is_certain=False))

    def _add_looked_through(self) -> None:
        """Let classes and packages that are looked through refer to all that is found so."""
        for name in self._looked.classes():
            node = Node("instance", name, instance=name)
            for draft in [self._drafts[self.index(node)], *(d for d in self._drafts if d.node.instance == name)]:
                for prefix, member in self._looked.members(name) if draft.node.kind == "instance" else ():
                    self.add_members(draft.node, (member,), is_named=False, prefix=prefix)
        for package, module in self._looked.modules_gone_through():
            for each in loaded(module):
                spelling = f"{ALL_OF}{module.removeprefix(package).lstrip('.')} {each.kind}"
                self._add_unless_known(self._drafts[0], spelling, each)

    def _add_registered(self, draft: Draft, found: tuple[Registered, ...]) -> None:
        """Let a definition refer to what comes into it from afar."""
        for node, keys in ((each.node, "\n".join(each.keys)) for each in found):
            if (member := f"{node.module} {node.name}") not in draft.members:
                draft.members.add(member)
                spelling = f"{REGISTERED}{short_name(node.name)}"
                draft.references.append(Reference(-1, spelling, self.index(node), label=keys, is_certain=False))

    def _add_written(self) -> None:
        """Let definitions refer to the statements of other places that set them, or an attribute of theirs."""
        for word in sorted((self._spelled | specials_set(self._code, self._loaded_modules())) - self._writes.keys()):
            self._writes[word] = tuple(writes_of(self._code, word))
        writes, drafts = [write for found in self._writes.values() for write in found], tuple(self._drafts)
        concerned = [(write, draft) for write in writes for draft in drafts if concerns(self._code, write, draft.node)]
        if not concerned:
            return
        reached = {d.described.name for d in self._drafts if d.described.kind in {"function", "method"}}
        loaded = self._loaded_modules()
        for write, draft in concerned:
            is_loaded = write.module in loaded and not write.inside
            # What is nested in a function that is reached is a part of it.
            if not is_loaded and reached.isdisjoint(with_parents(f"{write.module}.{write.inside}")):
                message = f"{write.inside or write.module} sets {write.target} anew"
                self._doubts[Doubt(message, write.target, write.origin.file, write.line)] = None
            if not write.inside:
                node = Node("write", write.target, write.module)
                prefix = SET_BY_IMPORT if is_loaded else SET_ELSEWHERE
                self._add_once(draft, f"{prefix}{write.name}", node)

    def _add_once(self, draft: Draft, spelling: str, node: Node) -> None:
        index = self.index(node)
        if all(reference.target != index for reference in draft.references):
            count = sum(reference.spelling.startswith(spelling) for reference in draft.references)
            draft.references.append(Reference(-1, f"{spelling} {count}", index, is_certain=False))

    def _loaded_modules(self, drafts: Sequence[Draft] | None = None) -> frozenset[str]:
        """Return the modules that are imported with what has been reached, or with some of it."""
        return loaded_modules(self._code, {draft.described.file for draft in drafts or self._drafts})

    def _add_effects(self) -> None:
        """Let the first definition refer to what importing modules does to what has been reached."""
        code, nodes = self._code, tuple(draft.node for draft in self._drafts)
        read = self._names_outside | self._attributes
        for module in loaded_beside(code, {draft.described.file for draft in self._drafts}):
            for each in sorted({*packages_acted_on(code, module, read), *owners_set(code, module, nodes)}):
                self._add_once(self._drafts[0], f"{EFFECT}{each}", Node("effect", each, module))

    def _add_acts(self) -> None:
        """Let definitions refer to what importing modules does to them otherwise than plainly."""
        nodes = tuple(draft.node for draft in self._drafts)
        for number, found in acts_on(self._code, self._loaded_modules(), nodes):
            if nodes[number].kind == "instance":
                self._add_once(self._drafts[number], f"{SET_BY_IMPORT}{short_name(found.node.name)}", found.node)
            else:
                self._add_registered(self._drafts[number], (found,))

    def _add_programs(self) -> None:
        """Let definitions refer to the code that a text names, theirs or the config's, where something runs code so."""
        for number, draft in enumerate(tuple(self._drafts)):
            file, said = draft.described.file, [mention.text for mention in draft.described.form.files]
            texts = said if self._runs_code or draft.node.kind == "effect" else filter(names_entry_point, said)
            for text in (*texts, *(sorted(self._holdings.code) if self._runs_code and not number else ())):
                module, name = code_named(self._code, file, text) or ("", "")
                node = self._resolver.named_in_module(module, name) if name else None
                for each in (node,) if name else loaded(module) if module else ():
                    if each is not None:
                        self._add_once(draft, f"{PROGRAM}{text}", each)
                        self._loaded_by_library |= {each.name} if each.kind == "class" else set()
                for value, module in code_named_by_value(self._code, file, text, frozenset(said)):
                    for each in loaded(module):
                        self._add_unless_known(draft, f"{BY_VALUE}{value} {each.kind} {module}", each)

    def _add_unless_known(self, draft: Draft, spelling: str, node: Node) -> None:
        if spelling not in draft.members:
            draft.members.add(spelling)
            draft.references.append(Reference(-1, spelling, self.index(node), is_certain=False))

    def _add_decorators(self, draft: Draft) -> None:
        """What decorates the classes of a config may replace any of their methods."""
        info = self._code.class_info(draft.node.instance)
        count = 0
        for ancestor in () if info is None else info.order:
            found = self._code.class_info(ancestor)
            if found is not None and is_decorated(found):
                index = self.index(Node("decorators", ancestor))
                draft.references.append(Reference(-1, f"{DECORATORS}{count}", index))
                count += 1

    def _seen(self, name: str) -> str:
        self._names_outside.add(name)
        if "." in name and " " not in name:
            self._outside.add(name.partition(".")[0])
        return name

    def add_members(self, node: Node, names: tuple[str, ...], *, is_named: bool = True, prefix: str = "") -> None:
        """Let an instance refer to members of its class by name; `is_named`: something in the closure does so, too."""
        draft = self._drafts[self._indices[node]]
        is_certain = is_named and (not node.label or node.label == ROOT_LABEL or self._holdings.is_direct(node.label))
        for name in names:
            if name in draft.members:
                continue
            draft.members.add(name)
            self._spelled.add(name)
            for target in self._resolver.run_by_name(node, name):
                index = self.index(target)
                draft.references.append(Reference(-1, f"{prefix}{name}", index, is_certain=is_certain))

    def closure(self) -> Closure:
        """Return what was found."""
        if self._runs_operators:  # of libraries, which modules that are imported may register
            names = dict.fromkeys(n for m in sorted(self._loaded_modules()) for n in compiled_imports(self._code, m))
            for draft, line in self._runs_operators:
                draft.compiled.update((compiled_as(self._code, name, line), None) for name in names)
        add_uses(self._code, self._drafts, self._loaded_modules(reached_without_scripts(self._drafts)))
        add_passed(self._code, self._drafts)
        add_names_asked(self._code, self._resolver, self._drafts)
        definitions = tuple(draft.definition(runs_code=self._runs_code) for draft in self._drafts)
        doubts = tuple(sorted(self._doubts, key=lambda doubt: (doubt.file, doubt.line, doubt.message)))
        outside, damaged = tuple(sorted(self._outside)), tuple(sorted(self._damaged))
        asked = lines_asked(self._code, self._loaded_modules())
        return Closure(definitions, frozenset(self._attributes), doubts, outside, damaged, asked)
