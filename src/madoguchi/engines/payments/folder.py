"""The section ``payments`` of the ward folder, and what of it is in force. Owns no table: the kernel keeps the history."""

from __future__ import annotations

from madoguchi.kernel import municipality
from madoguchi.kernel.folder import Section, register_section

from .schema import Konbini, PaymentsFile


def register() -> None:
    """Register the section."""
    register_section(Section("payments", "payments.yaml", PaymentsFile, order=25))


@municipality.per_generation
def konbini_in_force() -> Konbini | None:
    """Return how convenience stores collect for the ward, None when they do not."""
    rows = municipality.current().section("payments")
    return PaymentsFile.model_validate(rows[0]).konbini if rows else None
