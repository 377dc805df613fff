"""The pages of what stored runs and the code say of each other, and of suppressions. Only the texts."""

from huldra.features.rule import Rule, page

RUN_RULES: tuple[Rule, ...] = (
    page(
        "HUL201",
        "code-changed",
        what="A definition that stored results depend on is not what it was when they were made.",
        why="Today's code would perhaps not give these results, though their configs are the same.",
        example="""
        def accuracy(pairs):                      # reached from Evaluate._create
            return sum(a == b for a, b in pairs) / max(1, len(pairs))   # max is new
        """,
        fix="Run them again. If the change does not matter to them: `huldra accept RUN --reason ...`. "
        "`huldra why RUN` shows what changed.",
    ),
    page(
        "HUL202",
        "upstream-changed",
        what="Results were made from results that are stale, missing, failed, or newer than they are.",
        why="A result is no better than what it read.",
        example="""
        class Train(huldra.Huldra[float]):
            data: Dataset        # the runs of Dataset are stale, so those of Train are
        """,
        fix="Run what is upstream again first, then these.",
    ),
    page(
        "HUL203",
        "orphan",
        what="Results that still hold, but that no code builds any more.",
        why="They take room, and nobody asks for them. Not judged by `huldra check` unless selected.",
        example="""
        fast = Train(lr=0.5)     # it was Train(lr=0.1), whose run is still stored
        """,
        fix="Delete them, or write the experiment down again (in code, or in a manifest).",
    ),
    page(
        "HUL204",
        "failed-run-referenced",
        what="The code builds an experiment whose latest attempt failed, crashed, or was stopped.",
        why="Whoever asks for its result gets an error, or a long computation.",
        example="""
        fast = Train(lr=1e9)     # its run ended with a ZeroDivisionError
        """,
        fix="Read why with `huldra why RUN`, mend it and run it again, or take the experiment out.",
    ),
    page(
        "HUL205",
        "unverifiable",
        what="Results of which cannot be told whether today's code would give them.",
        why="The code that they were made with is not recorded, or its commit is not in this clone.",
        example="""
        # the run was made from a commit that was never pushed
        """,
        fix="Do what the message says, a `git fetch` often. Else run them again.",
    ),
    page(
        "HUL206",
        "missing",
        what="An experiment that the code builds and that was never run.",
        why="Nothing is wrong with that; a team may want to know it. Not judged by `huldra check` unless selected.",
        example="""
        fast = Train(lr=0.5)     # no run in the store
        """,
        fix="Run it.",
    ),
    page(
        "HUL301",
        "field-renamed-without-migration",
        what="Stored configs have a field that seems to go by another name in the class now.",
        why="Their hash is another one today, so that code asks for results that are there and finds none.",
        example="""
        class Train(huldra.Huldra[float]):
            learning_rate: float = 0.1     # was called lr
        """,
        fix="Carry the runs over with a migration, or give the field its old name back.",
    ),
    page(
        "HUL302",
        "default-changed",
        what="Runs hold a value of a field that was its default, and the default is another one today.",
        why="They are as good as ever, but code that relies on the default asks for others. "
        "Not judged by `huldra check` unless selected.",
        example="""
        class Train(huldra.Huldra[float]):
            lr: float = 0.01               # was 0.1
        """,
        fix="Nothing, if that was meant. Else name the old value where it is wanted.",
    ),
    page(
        "HUL303",
        "class-moved",
        what="The class of stored runs is found under another name now.",
        why="A class's name is part of where its results lie, so they are not found.",
        example="""
        # my_project/train.py: class Train moved to my_project/models/train.py
        """,
        fix="Carry the runs over with a migration, or move the class back.",
    ),
    page(
        "HUL304",
        "type-changed",
        what="Stored configs hold a value that no longer fits the type of its field.",
        why="Today's code cannot build such a config, so it cannot ask for that result.",
        example="""
        class Train(huldra.Huldra[float]):
            depth: str = "three"           # was depth: int = 3
        """,
        fix="Carry the runs over with a migration, or accept the old type as well.",
    ),
    page(
        "HUL305",
        "field-added",
        what="The class has a field that stored configs lack.",
        why="Their hash is another one today, even where a default would fill the gap.",
        example="""
        class Train(huldra.Huldra[float]):
            seed: int = 0                  # new
        """,
        fix="Carry the runs over with a migration that says which value they had.",
    ),
    page(
        "HUL306",
        "field-removed",
        what="Stored configs have a field that the class no longer has.",
        why="Today's code cannot build such a config, so it cannot ask for that result.",
        example="""
        class Train(huldra.Huldra[float]): ...   # had a field `dropout`
        """,
        fix="Carry the runs over with a migration that drops the field, or bring it back.",
    ),
    page(
        "HUL307",
        "class-missing",
        what="The class of stored runs is gone, and no other looks like it.",
        why="Nothing can load these results any more.",
        example="""
        # class Train was deleted; its runs are still stored
        """,
        fix="Delete the runs, or bring the class back.",
    ),
    page(
        "HUL308",
        "identity-changed",
        what="The same fields with the same values have another hash today.",
        why="The code asks for a result under another name than the one it lies under.",
        example="""
        class Train(huldra.Huldra[float]):
            config: Settings               # a dataclass that is named in the hash, and that moved
        """,
        fix="Carry the runs over with a migration, or undo what changed the hash.",
    ),
    page(
        "HUL901",
        "unused-ignore",
        what="A comment asks for silence where nothing is found, or names a code that does not exist.",
        why="It would silence something new one day, unseen.",
        example="""
        fast = Train(lr=0.5)     # huldra: ignore[HUL103]
        """,
        fix="Delete the comment, or correct the code in it.",
    ),
    page(
        "HUL902",
        "baseline-entry-unmatched",
        what="The baseline holds a finding that is not found any more.",
        why="It would swallow the same finding if that came back.",
        example="""
        # huldra-baseline.toml
        findings = ["HUL103 train.py Train has no field learning_rate"]   # mended meanwhile
        """,
        fix="Write the baseline anew: `huldra check --write-baseline`.",
    ),
)
"""By code."""
