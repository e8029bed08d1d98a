"""The face of the identity engine: the only module other engines and rooms may import.

Promises: rights come from posts valid on the day and, for administrators, from an elevation in force;
``actor_for`` costs one
SQL statement for staff and none for residents; nobody learns here whether an address is known; demo sign-ins
exist only in a demo. The actor of a request is ``kernel.access.actor_of(request)``.
"""

from .current import elevation_of
from .invitations import invitation_url
from .local_provider import demo_people
from .outside.keys import link_key
from .outside.section import providers_for
from .selectors import (
    Colleague,
    actor_for,
    departments,
    methods_of,
    names_of,
    profile_of,
    proofs_of,
    staff_of_sections,
    staff_without_second_factor,
)
from .services import (
    DemoSignIn,
    demo_totp_code,
    end_elevation,
    keep_proof,
    proof_limit_minutes,
    seed_demo_staff,
    start_elevation,
    switch_off_account,
)

__all__ = [
    "Colleague",
    "DemoSignIn",
    "actor_for",
    "demo_people",
    "demo_totp_code",
    "departments",
    "elevation_of",
    "end_elevation",
    "invitation_url",
    "keep_proof",
    "link_key",
    "methods_of",
    "names_of",
    "profile_of",
    "proof_limit_minutes",
    "proofs_of",
    "providers_for",
    "seed_demo_staff",
    "staff_of_sections",
    "staff_without_second_factor",
    "start_elevation",
    "switch_off_account",
]
