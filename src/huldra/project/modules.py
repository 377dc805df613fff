"""Which module each file is, and the reverse. Knows file names and import roots, not what the files say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

PACKAGE_FILE = "__init__"
_STUB = ".pyi"


class ModuleTable(Struct, frozen=True):
    """The modules of a project.

    `packages` are the names that are directories, namespace packages included; `shadowed` pairs each file that cannot
    be imported because another file has its module name with that other file. `roots` are the import roots.
    `compiled` are the modules that are no Python files: those that are compiled, or only have a stub.
    """

    file_of: Mapping[str, str]
    module_of: Mapping[str, str]
    packages: frozenset[str]
    shadowed: tuple[tuple[str, str], ...] = field(default=())
    roots: tuple[str, ...] = ()
    compiled: frozenset[str] = frozenset()

    def is_package(self, module: str) -> bool:
        """Whether a module is a package, so that its relative imports begin at itself."""
        return module in self.packages

    def has(self, name: str) -> bool:
        """Return whether the project has a module or package of that name."""
        return name in self.file_of or name in self.packages

    def top_level(self) -> frozenset[str]:
        """Return the names of the modules and packages that stand in no package."""
        return frozenset(name.partition(".")[0] for name in (*self.file_of, *self.packages))

    def compiled_top_level(self) -> frozenset[str]:
        """Return the names of what stands in no package and holds nothing but compiled modules."""
        tops = (name.partition(".")[0] for name in self.compiled)
        return frozenset(name for name in tops if not self.has(name))

    def submodule(self, module: str, name: str) -> str | None:
        """Return `module.name` if the project has it as a module or package."""
        full = f"{module}.{name}" if module else name
        return full if self.has(full) else None

    def file_by_path(self, name: str) -> str | None:
        """Return the file that a name would lead to if imports began at the project's root alone."""
        path = name.replace(".", "/")
        return next((file for file in (f"{path}.py", f"{path}/{PACKAGE_FILE}.py") if file in self.module_of), None)


def build_module_table(files: Iterable[str], roots: Iterable[str], extensions: Iterable[str] = ()) -> ModuleTable:
    """Return the modules that Python files are, given the import roots in order of precedence.

    `extensions` are the files that tell of compiled modules.

    A file belongs to the longest root that holds it. Of two files with one name a package wins over a module, as in
    Python, and the earlier root over the later. Below a root that comes behind the project's own, in a directory of
    scripts or a project inside this one, the loser goes by its path: two of these may have a `conftest` each, and
    neither imports the other's.
    """
    ordered = tuple(dict.fromkeys(roots))
    by_length = sorted(ordered, key=len, reverse=True)
    place = {"": len(ordered), **{root: number for number, root in enumerate(ordered)}}
    file_of: dict[str, str] = {}
    module_of: dict[str, str] = {}
    shadowed: list[tuple[str, str]] = []
    packages: set[str] = set()
    own = ordered.index("") if "" in ordered else len(ordered)
    for (order, is_plain), candidates in _candidates(files, by_length, place):
        for file, wanted in candidates:
            is_taken = wanted in file_of and order > own
            module = (_module_name(file, "") or wanted) if is_taken else wanted
            module_of[file] = module
            if module in file_of:
                shadowed.append((file, file_of[module]))
                continue
            file_of[module] = file
            parent = module.rpartition(".")[0]
            while parent and parent not in packages:  # with one, all that it lies in is known
                packages.add(parent)
                parent = parent.rpartition(".")[0]
            if not is_plain:
                packages.add(module)
    found = _compiled_names(extensions, by_length)
    # A stub that stands alone describes what is installed, most often.
    compiled = frozenset(name for name, is_stub in found if not is_stub or name.partition(".")[0] in packages)
    return ModuleTable(file_of, module_of, frozenset(packages), tuple(shadowed), ordered, compiled - file_of.keys())


def _candidates(
    files: Iterable[str], by_length: Sequence[str], place: Mapping[str, int]
) -> list[tuple[tuple[int, bool], list[tuple[str, str]]]]:
    """Return files with their names by the place of their root and whether they are no packages, all in order."""
    known: dict[str, tuple[int, str]] = {}
    found: dict[tuple[int, bool], list[tuple[str, str]]] = {}
    for file in files:
        directory, _, base = file.rpartition("/")
        where = known.get(directory)
        if where is None:
            root = _root_of(file, by_length)
            below = directory[len(root) + 1 :] if root else directory
            where = known[directory] = place[root], below.replace("/", ".")
        order, package = where
        stem = base.removesuffix(".py")
        is_plain = stem != PACKAGE_FILE
        module = (f"{package}.{stem}" if package else stem) if is_plain else package
        if module:
            found.setdefault((order, is_plain), []).append((file, module))
    return [(key, sorted(candidates)) for key, candidates in sorted(found.items())]


def _compiled_names(extensions: Iterable[str], by_length: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Yield the modules that files tell of, and of each whether that file is a stub."""
    for file in extensions:
        directory, _, base = file.rpartition("/")
        stem = base.partition(".")[0]  # `_fast.cpython-312-x86_64-linux-gnu.so`
        path = f"{directory}/{stem}" if directory else stem
        name = _module_name(f"{path}.py", _root_of(file, by_length))
        if name is not None:
            yield name, file.endswith(_STUB)


def _root_of(file: str, by_length: Sequence[str]) -> str:
    """Return the longest root that holds a file; they come in that order."""
    for root in by_length:
        if not root or file.startswith(f"{root}/"):
            return root
    return ""


def _module_name(file: str, root: str) -> str | None:
    """Return the dotted name of a file below a root; None for one that no import statement could name."""
    relative = file[len(root) + 1 :] if root else file
    name = relative.removesuffix(".py")
    if name == PACKAGE_FILE:
        return None
    return name.removesuffix(f"/{PACKAGE_FILE}").replace("/", ".") or None


def absolute_module(importer: str, level: int, module: str, *, is_package: bool) -> str | None:
    """Return the absolute name that an import asks for; None if its dots lead out of the top package.

    Args:
        importer: The module in which the import stands.
        level: The number of leading dots.
        module: What follows the dots; may be empty.
        is_package: Whether the importer is a package (`__init__.py`).
    """
    if level == 0:
        return module
    parts = importer.split(".")
    dropped = level - 1 if is_package else level
    if dropped > len(parts) or (dropped == len(parts) and not module):
        return None
    base = parts[: len(parts) - dropped]
    return ".".join([*base, module] if module else base)
