"""Random small projects whose call graph is known by construction, so that what an edit must touch is known too.

A project is a set of parts that refer to each other; the text is rendered from it. What `_create` of a class reaches
is computed from the parts alone, without reading any of the text.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["function", "constant", "class", "experiment"]
Style = Literal["call", "keyword", "partial", "table", "default", "lambda", "comprehension", "nested", "map", "method"]
ImportStyle = Literal["from", "alias", "module", "package", "star"]

CALL_STYLES: tuple[Style, ...] = (
    *("call", "keyword", "partial", "table", "default", "lambda", "comprehension", "nested", "map"),
)
LIBRARY_MODULES = ("lib.alpha", "lib.beta", "lib.gamma")
EXPERIMENT_MODULES = ("work.first", "work.second")


@dataclass(frozen=True)
class Use:
    """One place where a part names another."""

    target: str
    style: Style


@dataclass(frozen=True)
class Part:
    """A definition at the top of a module.

    Attributes:
        number: A literal of its own.
        uses: What its body (an experiment: `_create`) names.
        method_uses: What the body of its method names: of a class its only one, of an experiment a helper of `_create`.
        load_uses: What `_load` of an experiment names.
        base: The experiment class that an experiment inherits from.
        held: The experiment in the field `source`, whose result `_create` reads.
        decorator: A function that wraps it.
    """

    name: str
    kind: Kind
    module: str
    number: int
    operator: str = "+"
    has_condition: bool = False
    uses: tuple[Use, ...] = ()
    method_uses: tuple[Use, ...] = ()
    load_uses: tuple[Use, ...] = ()
    base: str | None = None
    held: str | None = None
    decorator: str | None = None
    imports: ImportStyle = "from"
    local: str = "value"
    default: int = 1


@dataclass(frozen=True)
class Project:
    """The parts of a project by name, in order of definition."""

    parts: dict[str, Part] = field(default_factory=dict[str, Part])

    def with_part(self, part: Part) -> "Project":
        """Return the project with one part replaced."""
        return Project({**self.parts, part.name: part})

    def experiments(self) -> tuple[Part, ...]:
        """Return the experiment classes that define `_create` or inherit it."""
        return tuple(part for part in self.parts.values() if part.kind == "experiment")

    def reached(self, name: str) -> frozenset[str]:
        """Return the parts that `_create` of an experiment class reaches: names of parts, `NAME._load` for loading."""
        found: set[str] = set()
        queue = [name]
        while queue:
            current = queue.pop()
            if current not in found:
                found.add(current)
                queue.extend(self._names(current))
        return frozenset(found)

    def _names(self, name: str) -> Iterator[str]:
        owner, _, method = name.partition(".")
        part = self.parts[owner]
        if method == "_load":
            for ancestor in (owner, *self._ancestors(owner)):
                uses = self.parts[ancestor].load_uses
                if uses:  # the nearest one wins, and none of ours calls super()
                    yield from (use.target for use in uses)
                    return
            return
        yield from (use.target for use in (*part.uses, *part.method_uses))
        if part.decorator is not None:
            yield part.decorator
        if part.base is not None:
            yield part.base
        if part.held is not None:
            yield f"{part.held}._load"

    def held(self, name: str) -> str | None:
        """Return the experiment in the field `source` of an experiment class, which it may have inherited."""
        return next(
            (self.parts[owner].held for owner in (name, *self._ancestors(name)) if self.parts[owner].held), None
        )

    def _ancestors(self, name: str) -> Iterator[str]:
        base = self.parts[name].base
        while base is not None:
            yield base
            base = self.parts[base].base


def random_project(seed: int) -> Project:
    """Return a project; equal seeds give equal ones."""
    rng = random.Random(seed)
    numbers = iter(range(1001, 100_000, 7))
    parts: dict[str, Part] = {}
    wrappers: list[str] = []
    for index in range(rng.randint(1, 2)):
        name = f"wrap_{index}"
        parts[name] = Part(name, "function", rng.choice(LIBRARY_MODULES), next(numbers), imports=_imports(rng))
        wrappers.append(name)
    usable: list[str] = []
    for index in range(rng.randint(8, 14)):
        kind: Kind = rng.choice(("function", "function", "function", "constant", "class"))
        name = f"{kind}_{index}"
        uses = _uses(rng, parts, usable, 2)
        methods = _uses(rng, parts, usable, 1) if kind == "class" else ()
        if kind == "constant":
            uses = tuple(use for use in uses[:1] if use.style not in {"nested", "default"})
        parts[name] = Part(
            name,
            kind,
            rng.choice(LIBRARY_MODULES),
            next(numbers),
            rng.choice(("+", "-", "*")),
            uses=uses,
            method_uses=methods,
            decorator=rng.choice(wrappers) if kind == "function" and rng.random() < 0.2 else None,
            imports=_imports(rng),
        )
        usable.append(name)
    made: list[str] = []
    for index in range(rng.randint(3, 5)):
        name = f"Exp{index}"
        base = rng.choice(made) if made and rng.random() < 0.4 else None
        parts[name] = Part(
            name,
            "experiment",
            rng.choice(EXPERIMENT_MODULES),
            next(numbers),
            uses=_uses(rng, parts, usable, 3),
            method_uses=_uses(rng, parts, usable, 2),
            load_uses=_uses(rng, parts, usable, 1),
            base=base,
            held=rng.choice(made) if made and base is None and rng.random() < 0.5 else None,
            imports=_imports(rng),
        )
        made.append(name)
    return Project(parts)


def _imports(rng: random.Random) -> ImportStyle:
    return rng.choice(("from", "from", "alias", "module", "package", "star"))


def _uses(rng: random.Random, parts: dict[str, Part], usable: list[str], most: int) -> tuple[Use, ...]:
    chosen = rng.sample(usable, min(len(usable), rng.randint(0, most)))
    return tuple(Use(name, _style(rng, parts[name].kind)) for name in chosen)


def _style(rng: random.Random, kind: Kind) -> Style:
    if kind == "function":
        return rng.choice(CALL_STYLES)
    return "method" if kind == "class" else "call"


def render(project: Project) -> dict[str, str]:
    """Return the files of a project."""
    modules: dict[str, list[Part]] = {module: [] for module in (*LIBRARY_MODULES, *EXPERIMENT_MODULES)}
    for part in project.parts.values():
        modules.setdefault(part.module, []).append(part)
    files = {f"{module.replace('.', '/')}.py": _module(project, module, parts) for module, parts in modules.items()}
    files["work/__init__.py"] = ""
    files["lib/__init__.py"] = ""
    exported = [part for part in project.parts.values() if part.module.startswith("lib.")]
    files["exports.py"] = "".join(f"from {part.module} import {part.name}\n" for part in exported)
    for module in sorted({part.module for part in exported}):
        files[f"stars/{module.replace('.', '_')}.py"] = f"from {module} import *\n"
    files["stars/__init__.py"] = ""
    return files


def _module(project: Project, module: str, parts: list[Part]) -> str:
    imports = {"import functools", "import huldra"}
    bodies: list[str] = []
    for part in parts:
        writer = _Writer(project, module, imports)
        bodies.append(writer.text(part))
    return "\n".join(sorted(imports)) + "\n\n\n" + "\n\n".join(bodies) + "\n"


class _Writer:
    """Writes one part, and collects the imports that it needs."""

    def __init__(self, project: Project, module: str, imports: set[str]) -> None:
        self._project = project
        self._module = module
        self._imports = imports

    def text(self, part: Part) -> str:
        match part.kind:
            case "constant":
                return f"{part.name} = {part.number}{''.join(f' + {self._call(use, part)}' for use in part.uses)}\n"
            case "function" if part.name.startswith("wrap_"):
                return self._wrapper(part)
            case "function":
                return self._function(part)
            case "class":
                return self._class(part)
            case "experiment":
                return self._experiment(part)

    def _name(self, target: str, part: Part) -> str:
        found = self._project.parts[target]
        if found.module == self._module:
            return target
        match part.imports if found.module.startswith("lib.") else "from":
            case "from":
                self._imports.add(f"from {found.module} import {target}")
            case "alias":
                self._imports.add(f"from {found.module} import {target} as {target}_alias")
                return f"{target}_alias"
            case "module":
                self._imports.add(f"import {found.module}")
                return f"{found.module}.{target}"
            case "package":
                self._imports.add(f"from exports import {target}")
            case "star":
                self._imports.add(f"from stars.{found.module.replace('.', '_')} import *")
        return target

    def _call(self, use: Use, part: Part) -> str:
        found = self._project.parts[use.target]
        name = self._name(use.target, part)
        if found.kind == "constant":
            return name
        match use.style:
            case "keyword":
                return f"{name}(x=3)"
            case "partial":
                return f"functools.partial({name}, 2)()"
            case "table":
                return f"{{'k': {name}}}['k'](4)"
            case "lambda":
                return f"(lambda y: {name}(y))(5)"
            case "comprehension":
                return f"sum([{name}(item) for item in range(3)])"
            case "map":
                return f"sum(map({name}, range(2)))"
            case "method":
                return f"{name}(6).run_{use.target}(1)"
            case _:
                return f"{name}(7)"

    def _body(self, part: Part, uses: tuple[Use, ...], start: str, indent: str) -> str:
        local = part.local
        lines = [f"{local} = {start} {part.operator} {part.number}"]
        if part.has_condition:
            lines += [f"if {local} > {part.number + 1}:", f"    return {local}"]
        for use in uses:
            if use.style == "nested":
                lines += ["def inner(z):", f"    return {self._name(use.target, part)}(z)", f"{local} += inner(2)"]
            else:
                lines.append(f"{local} += {self._call(use, part)}")
        lines.append(f"return {local}")
        return "".join(f"{indent}{line}\n" for line in lines)

    def _wrapper(self, part: Part) -> str:
        return (
            f"def {part.name}(function):\n"
            "    @functools.wraps(function)\n"
            "    def wrapped(*args, **kwargs):\n"
            f"        return function(*args, **kwargs) {part.operator} {part.number}\n"
            "    return wrapped\n"
        )

    def _function(self, part: Part) -> str:
        decorator = "" if part.decorator is None else f"@{self._name(part.decorator, part)}\n"
        givens = [use for use in part.uses if use.style == "default"]
        others = tuple(use for use in part.uses if use.style != "default")
        defaults = "".join(f", given_{i}={self._name(use.target, part)}" for i, use in enumerate(givens))
        start = "x" + "".join(f" + given_{i}(1)" for i in range(len(givens)))
        body = self._body(part, others, start, "    ")
        return f"{decorator}def {part.name}(x, scale={part.default}{defaults}):\n{body}"

    def _class(self, part: Part) -> str:
        made = "".join(f" + {self._call(use, part)}" for use in part.uses)
        return (
            f"class {part.name}:\n"
            "    def __init__(self, start):\n"
            f"        self.start = start + {part.default}{made}\n\n"
            f"    def run_{part.name}(self, x):\n{self._body(part, part.method_uses, 'self.start + x', '        ')}"
        )

    def _experiment(self, part: Part) -> str:
        base = "huldra.Huldra[int]" if part.base is None else self._name(part.base, part)
        held = "" if part.held is None else f"    source: {self._name(part.held, part)}\n"
        read = "" if part.held is None else " + self.source.load_or_create()"
        inherited = " + super()._create()" if part.base is not None else ""
        create = self._body(part, part.uses, f"self._helper_{part.name}(){read}{inherited}", "        ")
        load = "".join(f" + {self._call(use, part)}" for use in part.load_uses)
        decorated = f"class {part.name}({base}):\n"
        return (
            f"{decorated}{held}    rate_{part.name.lower()}: float = 0.5\n\n"
            f"    def _create(self) -> int:\n{create}\n"
            f"    def _helper_{part.name}(self):\n"
            f"        return {part.default}{''.join(f' + {self._call(use, part)}' for use in part.method_uses)}\n\n"
            + (f"    def _load(self) -> int:\n        return 0{load}\n" if part.load_uses else "")
        )


def moved(project: Project, name: str, module: str) -> Project:
    """Return the project with one part in another module."""
    return project.with_part(replace(project.parts[name], module=module))
