"""The face of the notices engine: the only module other engines and rooms may import.

Promises: ``send_notice`` costs one insert and one enqueue inside the caller's transaction; nothing that leaves the house
contains answers, reasons or decisions; it goes by the ways its reader chose, outside their quiet hours, once; a secret given as a ``LateValue`` is never stored; what became of a notice is derived
from its attempts.
"""

from .contacts import (
    CODE_MINUTES,
    Way,
    add_phone,
    choices_of,
    choose,
    confirm_phone,
    end_contact,
    faults_of,
    has_contact,
    lift_fault,
    owner_of,
    ways_of,
)
from .letters import delivery
from .schema import ALLOWED_VARIABLES, CHOOSABLE
from .selectors import FeedItem, SentNotice, feed, feed_item, notices_of_case, overdue_mail, unread_count
from .services import LateValue, Recipient, late_values, mark_read, send_notice

__all__ = [
    "ALLOWED_VARIABLES",
    "CHOOSABLE",
    "CODE_MINUTES",
    "FeedItem",
    "LateValue",
    "Recipient",
    "SentNotice",
    "Way",
    "add_phone",
    "choices_of",
    "choose",
    "confirm_phone",
    "delivery",
    "end_contact",
    "faults_of",
    "feed",
    "feed_item",
    "has_contact",
    "late_values",
    "lift_fault",
    "mark_read",
    "notices_of_case",
    "overdue_mail",
    "owner_of",
    "send_notice",
    "unread_count",
    "ways_of",
]
