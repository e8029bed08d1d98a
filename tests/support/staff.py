"""Members of staff at their desks: a client that is signed in with its second factor shown."""

from __future__ import annotations

from django.test import Client

from madoguchi.engines.identity.models import Account


def signed_in(account: Account) -> Client:
    """Return a client of a member of staff who has shown password and second factor."""
    client = Client()
    client.force_login(account, backend="madoguchi.engines.identity.backends.StaffPasswordBackend")
    session = client.session
    session["identity_second_factor"] = True
    session.save()
    return client
