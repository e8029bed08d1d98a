"""The face of the notices engine: the only module other engines and rooms may import.

Promises: ``send_notice`` costs one insert and one enqueue inside the caller's transaction; a mail never
contains answers,
reasons or decisions; a secret given as a ``LateValue`` is never stored; what became of a notice is derived
from its attempts.
"""

from .schema import ALLOWED_VARIABLES
from .selectors import FeedItem, SentNotice, feed, feed_item, notices_of_case, overdue_mail, unread_count
from .services import LateValue, Recipient, late_values, mark_read, send_notice

__all__ = [
    "ALLOWED_VARIABLES",
    "FeedItem",
    "LateValue",
    "Recipient",
    "SentNotice",
    "feed",
    "feed_item",
    "late_values",
    "mark_read",
    "notices_of_case",
    "overdue_mail",
    "send_notice",
    "unread_count",
]
