"""Writes of the identity engine, one module per idea: sign-in links, elevation, staff and their posts."""

from .delegations import (
    Wish,
    accept_delegation,
    check_delegation,
    decline_delegation,
    end_delegation,
    find_invitation,
    offer_delegation,
    request_delegation,
)
from .demo import DEMO_PASSWORD, DEMO_TOTP_SECRET, DemoSignIn, demo_totp_code, seed_demo_staff
from .elevation import end_elevation, start_elevation
from .factors import FACTOR_REASONS, reset_second_factor
from .links import confirm_link, request_link
from .outside import Vouched, link_method, sign_in_resident, staff_of, unlink_method
from .posts import add_post, end_post
from .profiles import PROFILE_KEYS, save_profile
from .proofs import keep_proof, proof_limit_minutes
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
    "PROFILE_KEYS",
    "SWITCH_REASONS",
    "DemoSignIn",
    "Vouched",
    "Wish",
    "accept_delegation",
    "add_post",
    "apply_import",
    "check_delegation",
    "confirm_link",
    "correct_rows",
    "decline_delegation",
    "demo_totp_code",
    "discard_import",
    "end_delegation",
    "end_elevation",
    "end_post",
    "find_invitation",
    "keep_proof",
    "link_method",
    "offer_delegation",
    "open_import",
    "proof_limit_minutes",
    "record_download",
    "register_staff",
    "request_delegation",
    "request_link",
    "reset_second_factor",
    "save_profile",
    "seed_demo_staff",
    "set_first_password",
    "sign_in_resident",
    "staff_invitation",
    "staff_of",
    "start_elevation",
    "switch_off_account",
    "switch_on_account",
    "unlink_method",
]
