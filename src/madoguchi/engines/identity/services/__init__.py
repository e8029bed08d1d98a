"""Writes of the identity engine, one module per idea: sign-in links, elevation, staff set-up."""

from .demo import DEMO_PASSWORD, DEMO_TOTP_SECRET, DemoSignIn, demo_totp_code, seed_demo_staff
from .elevation import end_elevation, start_elevation
from .links import confirm_link, request_link
from .staff import SWITCH_REASONS, set_first_password, staff_invitation, switch_off_account, switch_on_account

__all__ = [
    "DEMO_PASSWORD",
    "DEMO_TOTP_SECRET",
    "SWITCH_REASONS",
    "DemoSignIn",
    "confirm_link",
    "demo_totp_code",
    "end_elevation",
    "request_link",
    "seed_demo_staff",
    "set_first_password",
    "staff_invitation",
    "start_elevation",
    "switch_off_account",
    "switch_on_account",
]
