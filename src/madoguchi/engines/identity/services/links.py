"""Mailed sign-in links of residents: asked for, sent, confirmed once.

Owns the limits and the single use. May not tell whether an address is known: every well-formed address gets the same
answer (OWASP Authentication Cheat Sheet; NIST SP 800-63B §5.1.3 on out-of-band links: short life, one use).
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.urls import reverse

from madoguchi.engines.notices import api as notices
from madoguchi.kernel import audit
from madoguchi.kernel.access import SYSTEM, Actor
from madoguchi.kernel.errors import DomainError, InvalidInput, NotFound
from madoguchi.kernel.ids import uuid7

from ..managers import fold_login
from ..models import Account, SignInLink
from ..origin import keyed_hash

LINK_LIFE = timedelta(minutes=20)
ADDRESS_LIMIT = (3, timedelta(minutes=15))
ORIGIN_LIMIT = (30, timedelta(hours=1))
KEEP = timedelta(days=1)
LATE_VALUE = "identity.sign_in_link"


class TooManyRequestsError(DomainError):
    """Too many requests from one place or for one address in a short time."""

    http_status = 429


def request_link(email: str, *, origin: str, lang: str, at: datetime, next_path: str = "") -> SignInLink:
    """Record a request for a sign-in link and have it mailed.

    ``origin`` is the client's address (only its hash is kept). Raises InvalidInput for a malformed address,
    TooManyRequestsError over 3 requests per address in 15 minutes or 30 per origin in an hour.
    """
    address = _clean(email)
    email_hash, origin_hash = keyed_hash("email", fold_login(address)), keyed_hash("origin", origin)
    _demand_room({"email_hash": email_hash}, ADDRESS_LIMIT, at)
    _demand_room({"origin_hash": origin_hash}, ORIGIN_LIMIT, at)
    link_id = uuid7()
    with transaction.atomic():
        SignInLink.objects.filter(created_at__lt=at - KEEP).delete()
        forget_addresses(at=at)
        link = SignInLink.objects.create(
            id=link_id,
            email=address,
            email_hash=email_hash,
            origin_hash=origin_hash,
            token_hash=_hash(token_of(str(link_id))),
            next_path=next_path[:300],
            created_at=at,
            expires_at=at + LINK_LIFE,
        )
        if not _switched_off(address):
            notices.send_notice(
                "sign_in_link",
                to=notices.Recipient(email=address),
                lang=lang,
                context={"minutes": str(int(LINK_LIFE.total_seconds() // 60))},
                late={"link": notices.LateValue(LATE_VALUE, str(link_id))},
                at=at,
                dedupe_key=f"sign-in:{link_id}",
            )
    return link


def confirm_link(token: str, *, at: datetime) -> tuple[Account, str]:
    """Use a link up and return the resident's account (made on first use) and the path to go on to.

    Raises NotFound when the link is unknown, used, out of time or the account was switched off. One token succeeds once
    even when confirmed twice at the same moment: the row is taken by a conditional update.
    """
    with transaction.atomic():
        link = SignInLink.objects.select_for_update().filter(**_usable(token, at)).first()
        if link is None or _switched_off(link.email):
            raise unusable()
        account = _resident(link.email)
        SignInLink.objects.filter(pk=link.pk).update(used_at=at, email="")
        audit.record(
            actor=Actor(kind="resident", id=str(account.pk)),
            action="identity.link_confirmed",
            subject=account.ref,
            payload={"link": str(link.pk)},
            at=at,
        )
    return account, link.next_path


def find_link(token: str, *, at: datetime) -> SignInLink:
    """Return the usable link of a token without using it up (mail scanners open links). Raises NotFound."""
    link = SignInLink.objects.filter(**_usable(token, at)).first()
    if link is None:
        raise unusable()
    return link


def token_of(link_id: str) -> str:
    """Return the token of a link: an HMAC of its id, so that the database alone never yields a working link."""
    return keyed_hash("token", link_id)


def late_link(link_id: str) -> str:
    """Return the absolute address of a link; called by the notices job at the moment of delivery.

    Built from ``BASE_URL``, never from a request's host header.
    """
    return settings.BASE_URL.rstrip("/") + reverse("identity:link", args=[token_of(link_id)])


def forget_addresses(*, at: datetime) -> int:
    """Blank the addresses of links that ran out and return how many."""
    return SignInLink.objects.filter(expires_at__lt=at).exclude(email="").update(email="")


def unusable() -> NotFound:
    """Return the one answer for every link that does not work."""
    return NotFound(
        "このリンクは使えません。期限（20分）が切れたか、すでに使われています。",
        code="identity.link_unusable",
        mend="サインインの画面で、もう一度メールを受け取ってください。",
    )


def _usable(token: str, at: datetime) -> dict[str, object]:
    return {"token_hash": _hash(token), "used_at__isnull": True, "expires_at__gt": at}


def _resident(email: str) -> Account:
    known = Account.objects.filter(kind=Account.Kind.RESIDENT, email__iexact=email).first()
    if known:
        return known
    try:
        with transaction.atomic():
            account = Account.objects.create_resident(email)
    except IntegrityError:
        return Account.objects.get(kind=Account.Kind.RESIDENT, email__iexact=email)
    audit.record(
        actor=SYSTEM, action="identity.resident_created", subject=account.ref, payload={}, at=account.created_at
    )
    return account


def _switched_off(email: str) -> bool:
    return Account.objects.filter(kind=Account.Kind.RESIDENT, email__iexact=email, is_active=False).exists()


def _demand_room(match: dict[str, str], limit: tuple[int, timedelta], at: datetime) -> None:
    allowed, window = limit
    if SignInLink.objects.filter(**match, created_at__gt=at - window).count() >= allowed:
        raise TooManyRequestsError(
            "短い時間に何度も依頼がありました。",
            code="identity.too_many",
            mend="15分ほど待ってから、もう一度お試しください。届いているメールのリンクは20分間使えます。",
        )


def _clean(email: str) -> str:
    address = email.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise InvalidInput(
            "メールアドレスの形が正しくありません。",
            code="identity.email",
            mend="例：hanako@example.jp のように半角で入力してください。",
        ) from error
    return address


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
