"""Writes of the identity engine, one module per idea: sign-in links, elevation, staff and their posts."""

from .demo import DEMO_PASSWORD, DEMO_TOTP_SECRET, DemoSignIn, demo_totp_code, seed_demo_staff
from .elevation import end_elevation, start_elevation
from .factors import FACTOR_REASONS, reset_second_factor
from .links import confirm_link, request_link
from .posts import add_post, end_post
from .staff import (
    SWITCH_REASONS,
    register_staff,
    set_first_password,
    staff_invitation,
    switch_off_account,
    switch_on_account,
)
from .staff_import import apply_import, correct_rows, discard_import, open_import, record_download

__all__ = [
    "DEMO_PASSWORD",
    "DEMO_TOTP_SECRET",
    "FACTOR_REASONS",
    "SWITCH_REASONS",
    "DemoSignIn",
    "add_post",
    "apply_import",
    "confirm_link",
    "correct_rows",
    "demo_totp_code",
    "discard_import",
    "end_elevation",
    "end_post",
    "open_import",
    "record_download",
    "register_staff",
    "request_link",
    "reset_second_factor",
    "seed_demo_staff",
    "set_first_password",
    "staff_invitation",
    "start_elevation",
    "switch_off_account",
    "switch_on_account",
]
