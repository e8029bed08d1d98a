"""The face of the payments engine: the only module rooms may import.

Promises: amounts are integer yen and always read from the charge's lines; a state moves only by what a provider or a desk
reported; late, doubled and reordered notifications change nothing twice; what was paid too much is given back by itself;
every change is one transaction with its audit record.
"""

from __future__ import annotations

from .folder import refund_account_procedure, trustees_on
from .outside import ElBill, code_svg, open_codes, open_numbers
from .selectors import (
    Back,
    ChargeView,
    charges_due,
    charges_of_case,
    money_of_case,
    outstanding_of_case,
    paid_between,
    title_of,
    ways_to_pay,
)
from .services import (
    Line,
    PastCharge,
    PastPayment,
    PastReduction,
    import_charges,
    import_closings,
    raise_charge,
    read_settlement,
    refresh_payment,
    settlement_file,
    start_payment,
    take_cash,
)
from .slips import open_slips, slip_pdf

__all__ = [
    "Back",
    "ChargeView",
    "ElBill",
    "Line",
    "PastCharge",
    "PastPayment",
    "PastReduction",
    "charges_due",
    "charges_of_case",
    "code_svg",
    "import_charges",
    "import_closings",
    "money_of_case",
    "open_codes",
    "open_numbers",
    "open_slips",
    "outstanding_of_case",
    "paid_between",
    "raise_charge",
    "read_settlement",
    "refresh_payment",
    "refund_account_procedure",
    "settlement_file",
    "slip_pdf",
    "start_payment",
    "take_cash",
    "title_of",
    "trustees_on",
    "ways_to_pay",
]
