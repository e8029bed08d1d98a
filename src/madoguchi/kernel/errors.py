"""Errors that a person can read.

Owns the one family of exceptions that services raise and views catch. Each carries a stable code for programs, a
Japanese sentence for people and the mend (what to do now). May not carry personal data: `context` reaches the logs.
"""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A refusal by a rule of the office: says what is wrong and how to mend it, both in Japanese."""

    http_status = 400

    def __init__(self, message_ja: str, *, code: str, mend: str = "", **context: Any) -> None:
        super().__init__(message_ja)
        self.message_ja = message_ja
        self.code = code
        self.mend = mend
        self.context = context

    def __str__(self) -> str:
        return f"{self.message_ja}{self.mend}"

    def as_dict(self) -> dict[str, Any]:
        """Return the error as plain data for an API answer: code, message, mend."""
        return {"code": self.code, "message": self.message_ja, "mend": self.mend}


class InvalidInput(DomainError):  # noqa: N818 - the name says the refusal
    """What was given cannot be read or breaks a rule about its form."""

    http_status = 422


class NotAllowed(DomainError):  # noqa: N818 - the name says the refusal
    """The actor may not do this."""

    http_status = 403


class NotFound(DomainError):  # noqa: N818 - the name says the refusal
    """No such thing, or none that the actor may know of."""

    http_status = 404


class Conflict(DomainError):  # noqa: N818 - the name says the refusal
    """The thing has changed meanwhile, or already is what was asked for."""

    http_status = 409
