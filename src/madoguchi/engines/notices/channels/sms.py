"""SMS: through the ward's gateway over HTTP when one is set, else (not in production) into files for people to see.

Owns the request and the reading of the gateway's reports. File names hold no number.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from madoguchi.kernel import clock

from ..delivery_schema import Gateway
from ..letters import delivery
from ..models import AddressFault, Notice
from ..rules import fill
from .base import Outcome

TIMEOUT_SECONDS = 10
PASSING = frozenset({401, 403, 408, 409, 425, 429})
"""Refusals of the gateway that have to do with us or the moment, not with the number."""


class SmsChannel:
    """See the module."""

    def is_ready(self) -> bool:
        """Tell whether a gateway is set, or files may stand in for one."""
        return bool(settings.SMS["url"] or settings.SMS["folder"])

    def deliver(self, notice: Notice, *, to: str, late: dict[str, str]) -> Outcome:
        """Send the short text of a notice."""
        words = fill(notice.sms, late)
        if settings.SMS["url"]:
            return _send(to, words, key=str(notice.id), gateway=delivery().gateway)
        folder = settings.SMS["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{clock.now():%Y%m%d-%H%M%S}-{notice.id.hex[-8:]}"
        (folder / f"{name}.txt").write_text(f"To: {to}\n\n{words}\n", encoding="utf-8")
        return Outcome("sent", ref=name)


def _send(to: str, words: str, *, key: str, gateway: Gateway) -> Outcome:
    values = {**gateway.extra, gateway.to: to, gateway.text: words, gateway.key: key}
    as_json = gateway.format == "json"
    data = json.dumps(values, ensure_ascii=False) if as_json else urllib.parse.urlencode(values)
    request = urllib.request.Request(  # noqa: S310 - the address is the operator's setting
        settings.SMS["url"],
        data=data.encode(),
        headers={
            "Content-Type": "application/json; charset=utf-8" if as_json else "application/x-www-form-urlencoded",
            "Authorization": f"Bearer {settings.SMS['token']}",
            "Idempotency-Key": key,
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            ref = _field(answer.read(), gateway.ref)
    except urllib.error.HTTPError as error:
        if error.code >= 500 or error.code in PASSING:
            return Outcome("failed", f"sms:{error.code}")
        return Outcome("given_up", f"sms:{error.code}", fault=AddressFault.Reason.REFUSED)
    except OSError as error:
        return Outcome("failed", type(error).__name__)
    return Outcome("sent", ref=ref)


def _field(body: bytes, name: str) -> str:
    """Return a field of a JSON answer, '' when it cannot be read (the SMS was taken all the same)."""
    try:
        found: Any = json.loads(body)
    except ValueError:
        return ""
    return str(found.get(name, ""))[:120] if isinstance(found, Mapping) else ""


def read_report(body: bytes, *, content_type: str, signature: str) -> tuple[str, str] | None:
    """Return (number of the SMS, ``delivered`` | ``undeliverable`` | ``''``) of a gateway's report; None when unsigned.

    The report is signed with HMAC-SHA256 in hex, with or without ``sha256=`` before it. Raises ValueError when the report
    cannot be read.
    """
    secret = settings.SMS["secret"]
    wanted = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    if not secret or not hmac.compare_digest(wanted, signature.removeprefix("sha256=").strip().lower()):
        return None
    callback = delivery().gateway.callback
    values: Any
    values = json.loads(body) if "json" in content_type else dict(urllib.parse.parse_qsl(body.decode()))
    if not isinstance(values, Mapping):
        raise ValueError("report")
    ref, status = str(values.get(callback.ref, "")), str(values.get(callback.status, ""))
    if status in callback.undeliverable:
        return ref, "undeliverable"
    return ref, "delivered" if status in callback.delivered else ""
