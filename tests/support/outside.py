"""The demo's OpenID Connect provider for tests: it runs for real on a port of the loopback address."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from madoguchi.engines.identity.backends import RESIDENT_BACKEND
from madoguchi.engines.identity.current import PROOF_KEY
from madoguchi.engines.identity.local_provider import serve
from madoguchi.engines.identity.models import Account
from madoguchi.engines.identity.services import Vouched, sign_in_resident
from madoguchi.kernel import clock

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@contextmanager
def running_provider() -> Iterator[str]:
    """Run the provider in a thread and point the settings at it; yield its address."""
    server = serve("127.0.0.1", 0, secret=settings.LOCAL_OIDC_SECRET)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    before, settings.LOCAL_OIDC_URL = settings.LOCAL_OIDC_URL, f"http://127.0.0.1:{server.server_port}"
    try:
        yield settings.LOCAL_OIDC_URL
    finally:
        settings.LOCAL_OIDC_URL = before
        server.shutdown()
        server.server_close()


def leave(client: Client, provider_id: str, **query: str) -> str:
    """Follow the house's link to the provider; return the address it leads to."""
    answer = client.get(f"/signin/with/{provider_id}/", query)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def agree(address: str, person: str, *, decision: str = "yes", fault: str = "") -> str:
    """Answer the provider's page as a person would; return the path and query by which the browser comes back."""
    page = requests.get(address, timeout=5)
    assert page.status_code == 200, page.text
    form = {name: unescape(value) for name, value in HIDDEN.findall(page.text)}
    answer = requests.post(
        address.partition("?")[0],
        {**form, "person": person, "decision": decision, "fault": fault},
        allow_redirects=False,
        timeout=5,
    )
    assert answer.status_code == 303, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def sign_in(client: Client, provider_id: str, person: str, *, fault: str = "", **query: str) -> Any:
    """Sign in at the running provider and return the house's answer to the callback."""
    return client.get(agree(leave(client, provider_id, **query), person, fault=fault))


def vouch(
    client: Client, *, identity: int = 3, authentication: int = 3, claims: dict[str, str] | None = None
) -> Account:
    """Give a client a resident's session at some levels without a provider, for tests of what comes after."""
    at = clock.now()
    method = sign_in_resident(
        Vouched(
            "card",
            "https://issuer.example.jp",
            f"test-{identity}-{authentication}",
            identity,
            authentication,
            at,
            claims or {},
        ),
        at=at,
    )
    session = client.session
    session[SESSION_KEY] = str(method.account.pk)
    session[BACKEND_SESSION_KEY] = RESIDENT_BACKEND
    session[HASH_SESSION_KEY] = method.account.get_session_auth_hash()
    session[PROOF_KEY] = ["card", identity, authentication, at.isoformat(), method.pk]
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return method.account
