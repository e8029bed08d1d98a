"""The face of the identity engine: the only module other engines and rooms may import.

Promises: rights come from posts valid on the day and, for administrators, from an elevation in force;
``actor_for`` costs one
SQL statement for staff and none for residents; nobody learns here whether an address is known; demo sign-ins
exist only in a demo. The actor of a request is ``kernel.access.actor_of(request)``.
"""

from .current import elevation_of
from .delegation_kinds import kinds_on as delegation_kinds_on
from .delegation_schema import DelegationKind
from .delegations import REVIEW as REVIEW_DELEGATIONS
from .delegations import (
    Asked,
    DelegationView,
    delegation_for,
    delegations_by_ref,
    given_by,
    held_by,
    mandate_for,
    mandate_of,
    refs_in_force,
    refusals_of,
    reviewed_lately,
    told_of,
    usable_for,
    waiting_for_review,
)
from .demo_cards import CARDS as DEMO_CARDS
from .demo_cards import sign_with as sign_with_demo_card
from .invitations import invitation_url
from .local_provider import demo_people
from .models import Delegation
from .outside.keys import link_key
from .outside.section import providers_for
from .selectors import (
    Colleague,
    StaffAddress,
    actor_for,
    departments,
    methods_of,
    names_of,
    profile_of,
    proofs_of,
    resident_email,
    staff_addresses,
    staff_in_roles,
    staff_of_sections,
    staff_without_second_factor,
)
from .services import (
    DemoSignIn,
    Wish,
    accept_delegation,
    check_delegation,
    decline_delegation,
    demo_totp_code,
    end_delegation,
    end_elevation,
    find_invitation,
    keep_proof,
    offer_delegation,
    proof_limit_minutes,
    request_delegation,
    seed_demo_staff,
    start_elevation,
    switch_off_account,
)
from .signatures import demand_signature, good_signature, signatures_of, take_signature
from .signing import canonical_bytes

__all__ = [
    "DEMO_CARDS",
    "REVIEW_DELEGATIONS",
    "Asked",
    "Colleague",
    "Delegation",
    "DelegationKind",
    "DelegationView",
    "DemoSignIn",
    "StaffAddress",
    "Wish",
    "accept_delegation",
    "actor_for",
    "canonical_bytes",
    "check_delegation",
    "decline_delegation",
    "delegation_for",
    "delegation_kinds_on",
    "delegations_by_ref",
    "demand_signature",
    "demo_people",
    "demo_totp_code",
    "departments",
    "elevation_of",
    "end_delegation",
    "end_elevation",
    "find_invitation",
    "given_by",
    "good_signature",
    "held_by",
    "invitation_url",
    "keep_proof",
    "link_key",
    "mandate_for",
    "mandate_of",
    "methods_of",
    "names_of",
    "offer_delegation",
    "profile_of",
    "proof_limit_minutes",
    "proofs_of",
    "providers_for",
    "refs_in_force",
    "refusals_of",
    "request_delegation",
    "resident_email",
    "reviewed_lately",
    "seed_demo_staff",
    "sign_with_demo_card",
    "signatures_of",
    "staff_addresses",
    "staff_in_roles",
    "staff_of_sections",
    "staff_without_second_factor",
    "start_elevation",
    "switch_off_account",
    "take_signature",
    "told_of",
    "usable_for",
    "waiting_for_review",
]
