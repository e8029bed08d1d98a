"""What every way of delivery promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from ..models import Notice


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended. ``failed`` may be tried again; ``fault`` is a reason of ``AddressFault`` when the address is dead.

    ``error`` is the class of a fault, never its text, which may name the address.
    """

    result: Literal["sent", "failed", "given_up"]
    error: str = ""
    ref: str = ""
    fault: str = ""


class Channel(Protocol):
    """One way of delivery."""

    def is_ready(self) -> bool:
        """Tell whether the way is set up here."""

    def deliver(self, notice: Notice, *, to: str, late: dict[str, str]) -> Outcome:
        """Try once to deliver a notice to an address; *late* holds the values put in at delivery. Raises nothing that
        another try could mend.
        """
