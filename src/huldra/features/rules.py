"""What each problem code means: name, what, why, an example and the fix. Only the texts; who reports is elsewhere."""

from collections.abc import Mapping

from huldra.features.rule import Rule, page
from huldra.features.run_rules import RUN_RULES
from huldra.features.short_names import NoSuch, no_such
from huldra.features.trust_rules import TRUST_RULES


def find_rule(code: str) -> Rule | NoSuch:
    """Return the page of a code, or of the rule of that name."""
    wanted = code.strip()
    for rule in RULES.values():
        if wanted.upper() == rule.code or wanted.lower() == rule.name:
            return rule
    return no_such("problem code", wanted, (*RULES, *(rule.name for rule in RULES.values())))


_ALL = (
    page(
        "HUL001",
        "syntax-error",
        what="A file, or one statement of it, cannot be read as Python: broken syntax, or bytes that are no text.",
        why="What stands there is not seen; what stands around it is. Runs of a class that may stand in that part "
        "are called unverifiable, not stale.",
        example="""
        class Train(huldra.Huldra[float]):
            lr: float = huldra.chz.field(default=)
        """,
        fix="Correct the syntax there. For bytes: save the file as UTF-8, or declare its encoding.",
    ),
    page(
        "HUL002",
        "unresolved-import-in-project",
        what="An import names a module, or something in a module, that should be in this project and is not.",
        why="It raises when it is run, and what the name stands for cannot be followed.",
        example="""
        from my_project.data import Corpsu   # the class is called Corpus
        """,
        fix="Correct the name. If imports begin in another directory, name it in `src` of [tool.huldra].",
    ),
    page(
        "HUL003",
        "limit-reached",
        what="huldra stopped following something: a file too large, calls too deep, too many steps or configs, a class "
        "whose base is computed.",
        why="What lies beyond is not seen, so experiments may be missing from the picture.",
        example="""
        runs = [Train(seed=seed) for seed in range(10_000_000)]
        """,
        fix="Raise the limit in [tool.huldra.limits] (file-size, call-depth, steps, configs-per-site), or leave the "
        "file out with `exclude`. Of a class: name its base where the class is defined.",
    ),
    page(
        "HUL004",
        "shadowed-module",
        what="Two files have the same module name; Python imports only one of them.",
        why="The classes of the other file cannot be imported under that name, so its experiments are not the ones "
        "that run.",
        example="""
        # pkg/train.py and pkg/train/__init__.py: `import pkg.train` finds the package
        """,
        fix="Rename or remove one of the two, or say with `src` of [tool.huldra] where imports begin.",
    ),
    page(
        "HUL101",
        "class-in-main",
        what="An experiment class is built while its own file runs as a script, so it is a class of __main__.",
        why="Its name, and with it the place of its results, depends on how the script is started. Hashing it raises.",
        example="""
        class Train(huldra.Huldra[float]): ...

        if __name__ == "__main__":
            Train().load_or_create()
        """,
        fix="Move the class into a module that the script imports.",
    ),
    page(
        "HUL102",
        "local-class",
        what="An experiment class that is defined inside a function is built.",
        why="It has no name by which it could be found again, so its results have no place to lie.",
        example="""
        def make():
            class Train(huldra.Huldra[float]): ...
            return Train()
        """,
        fix="Move the class to the top level of its module.",
    ),
    page(
        "HUL103",
        "unknown-field",
        what="A config is built with a field that its class does not have, or with a positional argument.",
        why="It raises TypeError when it is run. Often the field was renamed.",
        example="""
        Train(learning_rate=0.1)   # the field is called lr
        """,
        fix="Use the name of the field, as a keyword argument.",
    ),
    page(
        "HUL104",
        "missing-required-field",
        what="A config is built without a field that has no default.",
        why="It raises TypeError when it is run.",
        example="""
        class Train(huldra.Huldra[float]):
            lr: float = huldra.chz.field()

        Train()
        """,
        fix="Give the field a value there, or a default in its class.",
    ),
    page(
        "HUL105",
        "unhashable-value",
        what="A config holds a value that has no canonical form: a function, an open file, a set of mixed things.",
        why="Without a canonical form there is no hash, and without a hash no place for the result.",
        example="""
        Train(schedule=lambda step: 0.1)
        """,
        fix="Hold a plain value (a name, a number, an enum member, a nested config) and make the object in _create.",
    ),
    page(
        "HUL106",
        "abstract-experiment",
        what="An abstract experiment class is built: _create, _load or another abstract method is missing.",
        why="It raises TypeError when it is run.",
        example="""
        class Model(huldra.Huldra[float]):   # no _create, no _load
            seed: int = huldra.chz.field(default=0)

        Model()
        """,
        fix="Write the missing methods, or build a subclass that has them.",
    ),
    page(
        "HUL107",
        "wrong-literal-type",
        what="A value certainly fails the class's own checks, a validator or a checked type (an error); or it is not "
        "of the type that its field is annotated with (a warning).",
        why="The first raises when it is run. The second is another experiment than the one that was meant: "
        "`'0.1'` and `0.1` have different hashes.",
        example="""
        class Train(huldra.Huldra[float]):
            epochs: int = huldra.chz.field(default=1, validator=huldra.chz.validators.gt(0))

        Train(epochs=0)
        """,
        fix="Give a value that the check accepts, or change the check.",
    ),
    page(
        "HUL108",
        "dependency-cycle",
        what="Computing an experiment needs its own result, or a default builds a config that needs the same default.",
        why="It never ends: the run waits for itself, or Python stops at its recursion limit.",
        example="""
        class Train(huldra.Huldra[float]):
            def _create(self):
                return Train().load_or_create()
            def _load(self):
                return 1.0

        Train()
        """,
        fix="Let one of them do without the other: give it the value, or a smaller experiment to begin from.",
    ),
    page(
        "HUL109",
        "broken-class",
        what="An experiment class cannot be defined: its bases, its fields or its methods break a rule.",
        why="The class statement raises when its module is imported, and so does everything that imports it.",
        example="""
        class Train(huldra.Huldra[float]):
            def __init__(self): ...   # configs are built by the library
        """,
        fix="Do what the message says: it is the one that Python would give at the class statement.",
    ),
    page(
        "HUL405",
        "mutable-default",
        what="The default of a field is a list, a dict or the like, or holds one, or a factory gives one twice.",
        why="As a default it raises when the class is defined. Hidden in a tuple or behind a factory, all configs "
        "share it: what changes it for one changes the hash of all.",
        example="""
        class Train(huldra.Huldra[float]):
            layers: list[int] = [64, 64]
        """,
        fix="Write `layers: list[int] = huldra.chz.field(default_factory=lambda: [64, 64])`, or use a tuple.",
    ),
    page(
        "HUL501",
        "duplicate-experiment",
        what="A list or a comprehension holds the same experiment more than once.",
        why="It is computed once and counted twice. Often a loop variable was meant to be an argument, and is not.",
        example="""
        runs = [Train(lr=0.5) for seed in range(3)]
        """,
        fix="Pass what was meant to vary, or leave the repetition out.",
    ),
    page(
        "HUL502",
        "argument-equals-default",
        what="A written-out argument is what its field's default is anyway.",
        why="It is harmless today. Should the default change, this place keeps the old value; sometimes that is meant.",
        example="""
        Train(lr=0.1)   # lr is 0.1 by default
        """,
        fix="Leave the argument out, unless it is there to stay whatever the default becomes.",
    ),
    page(
        "HUL503",
        "empty-sweep",
        what="A loop or comprehension that would build experiments has nothing to run over.",
        why="No experiment comes of it, and nothing says so when it is run.",
        example="""
        rates = []
        runs = [Train(lr=rate) for rate in rates]
        """,
        fix="Give it something to run over, or remove it.",
    ),
    page(
        "HUL504",
        "dynamic-site",
        what="A config depends on what only a run can tell: arguments of the process, its environment, files, results.",
        why="Its hash is not known, so it cannot be said whether it has been run. What is known of it is kept, and the "
        "stored runs that fit are listed.",
        example="""
        import os

        Train(lr=float(os.environ["LR"]))
        """,
        fix="Nothing, if that is meant. Else build the config from values that stand in the code, or record what a "
        "real command builds with `huldra discover`.",
    ),
    page(
        "HUL505",
        "broken-manifest",
        what="An entry of a manifest does not say which experiment it is: a key, a class or a value that cannot be.",
        why="The experiment is not known, so its runs are not told from orphans, and it cannot be started.",
        example="""
        {"experiments": [{"name": "small", "class": "lab.Trian", "config": {"lr": 0.1}}]}
        """,
        fix="Do what the message says. The JSON Schema in docs/schema/manifest.schema.json helps an editor to.",
    ),
)

RULES: Mapping[str, Rule] = {
    rule.code: rule for rule in sorted((*_ALL, *RUN_RULES, *TRUST_RULES), key=lambda rule: rule.code)
}
"""By code, sorted."""


def rule_page(rule: Rule) -> str:
    """Return the page of a code as Markdown."""
    example = f"```python\n{rule.example}\n```"
    return f"# {rule.code} {rule.name}\n\n{rule.what}\n\n{rule.why}\n\n{example}\n\n{rule.fix}\n"
