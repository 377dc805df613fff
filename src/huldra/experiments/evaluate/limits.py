"""How far an evaluation goes."""

from msgspec import Struct


class Limits(Struct, frozen=True):
    """How far an evaluation goes. A limit that is reached is a problem HUL003, never silence."""

    configs_per_site: int = 10_000
    call_depth: int = 50
    steps: int = 250_000
    total_steps: int = 500_000
    """Of all pieces of work together; those that come after have `steps_past_total` each."""
    steps_past_total: int = 200
    sequence_length: int = 1_000_000
    generated_values: int = 10_000

    @property
    def past_total(self) -> str:
        """What is said of a piece of work that had few steps for this reason, beside what it would not finish."""
        return f": all of the code takes more than {self.total_steps}"

    def steps_aside(self, modules: int) -> int:
        """Return the steps of importing one of so many modules that see no experiment class; no part of the total.

        All of them together have as many as the total, rather less, so that their number does not matter every time
        that there is one more.
        """
        return max(self.steps_past_total, min(self.steps, self.total_steps >> max(0, modules - 1).bit_length()))

    @property
    def past_aside(self) -> str:
        """What is said, beside what it would not finish, of a module that had few steps since it sees no experiment."""
        return ", all that a module has that sees no experiment class"
