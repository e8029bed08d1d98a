"""The ways a notice leaves the house, one module each. Owns the table of ways; what is tried when, ``services`` decides."""

from __future__ import annotations

from collections.abc import Mapping

from .base import Channel, Outcome
from .line import LineChannel
from .mail import MailChannel
from .sms import SmsChannel

CHANNELS: Mapping[str, Channel] = {"mail": MailChannel(), "line": LineChannel(), "sms": SmsChannel()}

__all__ = ["CHANNELS", "Channel", "Outcome"]
