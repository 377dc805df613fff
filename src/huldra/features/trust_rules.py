"""The pages of what makes a result untrustworthy. Only the texts."""

from huldra.features.rule import Rule, page

TRUST_RULES: tuple[Rule, ...] = (
    page(
        "HUL401",
        "reads-environment",
        what="Code that _create reaches reads the environment of the process: a variable, an argument, the directory.",
        why="The result depends on something that its config, and so its hash, does not say. Only shown if selected.",
        example="""
        def _create(self):
            return train(workers=int(os.environ["WORKERS"]))
        """,
        fix="Make it a field. If the result does not depend on it, silence the line: `# huldra: ignore[HUL401]`.",
    ),
    page(
        "HUL402",
        "unseeded-random",
        what="Code that _create reaches draws random numbers, and nothing that it reaches sets their seed.",
        why="Running it again gives another result for the same hash. Only shown if selected.",
        example="""
        def _create(self):
            return random.random()
        """,
        fix="Give the class a field `seed`, and draw from random.Random(self.seed) or numpy's default_rng(self.seed).",
    ),
    page(
        "HUL403",
        "reassigned-global",
        what="A module-level name that _create reads is assigned anew by a function, with `global`.",
        why="The result depends on what ran before it in the same process. Only shown if selected.",
        example="""
        STEPS = 10

        def be_quick():
            global STEPS
            STEPS = 1
        """,
        fix="Make it a field of the class, or pass it as an argument.",
    ),
    page(
        "HUL404",
        "wall-clock",
        what="Code that _create reaches reads the time of day.",
        why="If the time gets into the result, running it again gives another one. Only shown if selected.",
        example="""
        def _create(self):
            return {"made": datetime.now().isoformat()}
        """,
        fix="Leave the time to the metadata, which has it. To measure, use time.perf_counter.",
    ),
    page(
        "HUL406",
        "reads-file",
        what="Code that _create reaches reads a file that is named in the code: neither its config nor what it "
        "depends on leads there.",
        why="When the file changes, the result is another one, and nothing shows it. Only shown if selected.",
        example="""
        def _create(self):
            return pd.read_csv("data/raw.csv").describe()
        """,
        fix="Make the path a field, or make the file the result of an experiment that this one holds.",
    ),
)
"""By code."""
