"""The face of the identity engine: the only module other engines and rooms may import.

Promises: rights come from posts valid on the day and, for administrators, from an elevation in force;
``actor_for`` costs one
SQL statement for staff and none for residents; nobody learns here whether an address is known; demo sign-ins
exist only in a demo. The actor of a request is ``kernel.access.actor_of(request)``.
"""

from .current import elevation_of
from .invitations import invitation_url
from .selectors import Colleague, actor_for, departments, names_of, staff_of_sections, staff_without_second_factor
from .services import (
    DemoSignIn,
    demo_totp_code,
    end_elevation,
    seed_demo_staff,
    start_elevation,
    switch_off_account,
)

__all__ = [
    "Colleague",
    "DemoSignIn",
    "actor_for",
    "demo_totp_code",
    "departments",
    "elevation_of",
    "end_elevation",
    "invitation_url",
    "names_of",
    "seed_demo_staff",
    "staff_of_sections",
    "staff_without_second_factor",
    "start_elevation",
    "switch_off_account",
]
