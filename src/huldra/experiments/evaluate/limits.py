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
