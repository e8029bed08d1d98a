"""The section ``payments`` of the ward folder, and what of it is in force. Owns no table: the kernel keeps the history."""

from __future__ import annotations

from datetime import date

from madoguchi.kernel import municipality
from madoguchi.kernel.folder import Section, register_section

from .schema import ElNumber, Jpqr, Konbini, PaymentsFile, Trustee


def register() -> None:
    """Register the section."""
    register_section(Section("payments", "payments.yaml", PaymentsFile, order=25))


@municipality.per_generation
def _in_force() -> PaymentsFile:
    rows = municipality.current().section("payments")
    return PaymentsFile.model_validate(rows[0]) if rows else PaymentsFile()


def konbini_in_force() -> Konbini | None:
    """Return how convenience stores collect for the ward, None when they do not."""
    return _in_force().konbini


def jpqr_in_force() -> Jpqr | None:
    """Return how the ward shows JPQR codes, None when it does not."""
    return _in_force().jpqr


def el_in_force() -> ElNumber | None:
    """Return what eL numbers look like and where they are paid, None when the ward uses none."""
    return _in_force().el


def refund_account_procedure() -> str | None:
    """Return the procedure by which a resident tells the account for money given back, None when there is none."""
    return _in_force().refund_account


def is_used(provider_id: str) -> bool:
    """Tell whether the ward has agreed with a provider on the net to collect for it."""
    return any(item.id == provider_id for item in _in_force().providers)


def trustees_on(day: date) -> list[Trustee]:
    """Return the designated payment trustees (指定納付受託者) of a day, in the order of the folder."""
    return [
        item
        for item in _in_force().trustees
        if item.designated_on <= day and (item.ends_on is None or day <= item.ends_on)
    ]
