"""The key that lets a resident link a further way to sign in: handed out by pages of the account itself, for half an hour."""

from __future__ import annotations

from django.core import signing

from madoguchi.kernel.access import Actor

SALT = "identity.link_method"
SECONDS = 1800


def link_key(actor: Actor) -> str:
    """Return a key for the account of this actor."""
    return signing.dumps(actor.id, salt=SALT)


def link_key_fits(key: str, actor: Actor) -> bool:
    """Tell whether a key was handed to this actor's account within the last half hour."""
    try:
        return bool(signing.loads(key, salt=SALT, max_age=SECONDS) == actor.id)
    except signing.BadSignature:
        return False
