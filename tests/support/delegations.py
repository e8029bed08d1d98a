"""Residents with an account, and one who lets the other act."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.test import Client

from madoguchi.engines.identity.models import Account, Delegation
from madoguchi.kernel import clock

GIVE: dict[str, Any] = {
    "kind": "voluntary",
    "principal_name": "見本 花子",
    "scope": "list",
    "valid_from.y": "2026",
    "valid_from.m": "11",
    "valid_from.d": "2",
    "valid_to.y": "2027",
    "valid_to.m": "3",
    "valid_to.d": "31",
}


def resident(name: str) -> Client:
    """Return the browser of a resident who signed in by a mailed link."""
    account, _ = Account.objects.get_or_create(
        kind="resident", login=f"{name}@example.jp", defaults={"email": f"{name}@example.jp", "name": name}
    )
    client = Client()
    client.force_login(account, backend="madoguchi.engines.identity.backends.ResidentLinkBackend")
    return client


def appoint(principal: Client, delegate: Client, *procedures: str) -> Delegation:
    """Let one resident act for the other in these procedures (at most three): given, offered, accepted."""
    today = clock.today()
    begins = {"valid_from.y": today.year, "valid_from.m": today.month, "valid_from.d": today.day}
    chosen = [*procedures, "", ""][:3]
    page = principal.post("/mypage/delegations/give/", {**GIVE, **begins, "procedures": chosen})
    assert page.status_code == 200, re.findall(r'class="wd-errors__list".*?</ul>', page.content.decode(), re.S)
    code = re.search(r"data-invitation-code>([^<]+)<", page.content.decode())
    assert code
    offer = delegate.post("/mypage/delegations/accept/", {"code": code[1]})
    assert "見本 花子" in offer.content.decode()
    done = delegate.post("/mypage/delegations/accept/", {"code": code[1], "delegate_name": "見本 太郎", "_accept": "1"})
    assert done.status_code == 302
    return Delegation.objects.filter(delegate_id=int(delegate.session[SESSION_KEY])).latest("created_at")
