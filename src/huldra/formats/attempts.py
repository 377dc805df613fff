"""What an attempt at a result can be recorded as. Imports nothing that takes long: queries ask for it first."""

from typing import Literal

AttemptStatus = Literal["queued", "running", "success", "failed", "cancelled", "preempted", "crashed"]
