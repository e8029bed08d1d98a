"""Writes of the payments engine. Every one is a transaction with its audit record; a charge's row lock orders them."""

from .applying import on_paid, on_refund_returned, on_refunded
from .catching_up import catch_up
from .charging import Line, balance_of, raise_charge
from .closing import cash_of_day, close_day
from .exempting import check_exemption, needs_check, on_charged_more
from .hand import confirm_by_hand, note_el_number, withdraw_number
from .hearing import hear_notification
from .importing import PastCharge, PastPayment, PastReduction, import_charges, import_closings, settlement_file
from .matching import RESULTS, counts_of, explain_difference, read_settlement
from .paying import collect_payment, refresh_payment, start_payment, take_cash
from .refunding import REFUND_REASONS, hand_cash_back, reduce_charge, send_refund, try_refund_again, waits_at_desk
from .transferring import TransferOrder, note_transfer_failed, note_transfer_made, plan_transfer

__all__ = [
    "REFUND_REASONS",
    "RESULTS",
    "Line",
    "PastCharge",
    "PastPayment",
    "PastReduction",
    "TransferOrder",
    "balance_of",
    "cash_of_day",
    "catch_up",
    "check_exemption",
    "close_day",
    "collect_payment",
    "confirm_by_hand",
    "counts_of",
    "explain_difference",
    "hand_cash_back",
    "hear_notification",
    "import_charges",
    "import_closings",
    "needs_check",
    "note_el_number",
    "note_transfer_failed",
    "note_transfer_made",
    "on_charged_more",
    "on_paid",
    "on_refund_returned",
    "on_refunded",
    "plan_transfer",
    "raise_charge",
    "read_settlement",
    "reduce_charge",
    "refresh_payment",
    "send_refund",
    "settlement_file",
    "start_payment",
    "take_cash",
    "try_refund_again",
    "waits_at_desk",
    "withdraw_number",
]
