"""The pipeline that the crash test computes. Each `_create` checks that it is alone, and says what it finished."""

import fcntl
import json
import os
import random
import time
from pathlib import Path
from uuid import uuid4

import huldra

PARTS = 6
TRACE = Path(os.environ.get("TORTURE_TRACE", "."))


CHANCE = random.Random()


class Traced(huldra.Huldra[str]):
    """Writes parts that all hold the token of their attempt, so that a mixture of two attempts shows."""

    name: str = "a"

    def _needs(self) -> None:
        """Compute what this depends on."""

    def _create(self) -> str:
        TRACE.mkdir(exist_ok=True)
        with (TRACE / f"{self.huldra_hash}.alone").open("a") as alone:
            try:
                fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("violations", f"two at once: {self.huldra_dir}")
            found = sorted(path.name for path in self.huldra_dir.glob("part*"))
            token = uuid4().hex
            self._needs()
            for part in range(PARTS):
                time.sleep(CHANCE.random() * 0.03)
                (self.huldra_dir / f"part{part}").write_text(token)
            say("created", f"{self.huldra_hash} {token} {len(found)}")
            return token

    def _load(self) -> str:
        tokens = {(self.huldra_dir / f"part{part}").read_text() for part in range(PARTS)}
        if len(tokens) != 1:
            raise ValueError(f"mixed or torn: {tokens}")
        return tokens.pop()


class Leaf(Traced):
    """Depends on nothing."""


class Middle(Traced):
    """Depends on two leaves."""

    left: Leaf = Leaf(name="left")
    right: Leaf = Leaf(name="right")

    def _needs(self) -> None:
        self.left.load_or_create()
        self.right.load_or_create()


class Top(Traced):
    """Depends on all that is below."""

    first: Middle = Middle(name="first")
    second: Middle = Middle(name="second", right=Leaf(name="other"))

    def _needs(self) -> None:
        self.first.load_or_create()
        self.second.load_or_create()


def experiments():
    """All experiments of the pipeline."""
    top = Top()
    leaves = [Leaf(name=name) for name in ("left", "right", "other", "lonely")]
    return [*leaves, top.first, top.second, Middle(name="third", left=Leaf(name="lonely")), top]


def say(file, line):
    """Append a line to a file of the trace."""
    with (TRACE / file).open("a") as out:
        out.write(line + "\n")


def work(seed):
    """Ask for experiments at random, for ever; sometimes for one that is there to be made again."""
    CHANCE.seed(seed)
    todo = experiments()
    print("ready", flush=True)
    while True:
        experiment = CHANCE.choice(todo)
        force = CHANCE.random() < 0.6
        token = experiment.load_or_create(force=force)
        say("returned", json.dumps([experiment.huldra_hash, token]))
