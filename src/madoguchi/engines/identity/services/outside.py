"""Sign-in by a provider's word: finding or making the resident's account, linking and unlinking, matching staff.

The key is issuer and subject, never an e-mail address: a provider that says "hanako@example.jp" opens no account that
was made with that address. Members of staff are found by their login name and never made here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from madoguchi.kernel import audit
from madoguchi.kernel.access import SYSTEM, Actor
from madoguchi.kernel.errors import Conflict, NotAllowed, NotFound
from madoguchi.kernel.ids import uuid7

from ..managers import fold_login
from ..models import Account, SignInMethod


@dataclass(frozen=True, slots=True)
class Vouched:
    """What a provider vouched for: whom, at which levels, when the person was authenticated."""

    provider_id: str
    issuer: str
    subject: str
    identity: int
    authentication: int
    authenticated_at: datetime
    claims: Mapping[str, str] = field(default_factory=dict)


def sign_in_resident(vouched: Vouched, *, at: datetime) -> SignInMethod:
    """Return the method that was used, its account made at the first use. Raises NotAllowed for a switched-off account."""
    try:
        with transaction.atomic():
            return _use(vouched, at) or _first_use(vouched, at)
    except IntegrityError:  # two first sign-ins at the same moment: the other one made the row
        with transaction.atomic():
            method = _use(vouched, at)
            assert method is not None
            return method


def link_method(account: Account, vouched: Vouched, *, at: datetime) -> SignInMethod:
    """Link a provider's account to a resident's account. Raises Conflict when it belongs to another account."""
    with transaction.atomic():
        method = SignInMethod.objects.select_for_update().filter(**_key(vouched)).first()
        if method is not None and method.account_id != account.pk:
            raise Conflict(
                "この方法は、すでに別のアカウントにつながっています。",
                code="identity.method_taken",
                mend="いったんサインアウトして、この方法でサインインしてください。",
            )
        if method is not None:
            return _refresh(method, vouched, at)
        return _create(account, vouched, at)


def unlink_method(account: Account, method_id: int, *, actor: Actor, at: datetime) -> None:
    """Take a method away from an account, with what its provider told. Raises NotFound; Conflict for the last way in."""
    with transaction.atomic():
        held = list(SignInMethod.objects.select_for_update().filter(account=account))
        method = next((item for item in held if item.pk == method_id), None)
        if method is None:
            raise NotFound("このサインインの方法は登録されていません。", code="identity.no_method")
        if len(held) == 1 and not account.email:
            raise Conflict(
                "この方法を外すと、サインインできなくなります。",
                code="identity.last_method",
                mend="先に、別のサインインの方法をつないでください。",
            )
        method.delete()
        audit.record(
            actor=actor,
            action="identity.method_unlinked",
            subject=account.ref,
            payload={"provider": method.provider_id},
            at=at,
        )


def staff_of(login: str) -> Account:
    """Return the active member of staff with this login name. Raises NotAllowed; nobody is ever made here."""
    account = Account.objects.filter(login=fold_login(login), kind=Account.Kind.STAFF, is_active=True).first()
    if account is None or not login.strip():
        raise NotAllowed(
            "この方に当たる職員のアカウントがありません。",
            code="identity.staff_unmatched",
            mend="情報管理課に、職員の登録とログインIDを確かめてください。",
        )
    return account


def _key(vouched: Vouched) -> dict[str, str]:
    return {"issuer": vouched.issuer, "subject": vouched.subject}


def _use(vouched: Vouched, at: datetime) -> SignInMethod | None:
    rows = SignInMethod.objects.select_for_update(of=("self",)).select_related("account")
    method = rows.filter(**_key(vouched)).first()
    if method is None:
        return None
    if not method.account.is_active:
        raise NotAllowed("このアカウントは使えません。", code="identity.account_off", mend="窓口に連絡してください。")
    return _refresh(method, vouched, at)


def _refresh(method: SignInMethod, vouched: Vouched, at: datetime) -> SignInMethod:
    method.provider_id, method.claims = vouched.provider_id, dict(vouched.claims)
    method.identity, method.authentication = vouched.identity, vouched.authentication
    method.used_at = at
    method.save(update_fields=["provider_id", "claims", "identity", "authentication", "used_at"])
    return method


def _first_use(vouched: Vouched, at: datetime) -> SignInMethod:
    account = Account(
        kind=Account.Kind.RESIDENT, login=f"resident:method:{uuid7()}", name=vouched.claims.get("name", "")[:150]
    )
    account.set_unusable_password()
    account.save()
    audit.record(actor=SYSTEM, action="identity.resident_created", subject=account.ref, payload={}, at=at)
    return _create(account, vouched, at)


def _create(account: Account, vouched: Vouched, at: datetime) -> SignInMethod:
    method = SignInMethod.objects.create(
        account=account,
        provider_id=vouched.provider_id,
        **_key(vouched),
        claims=dict(vouched.claims),
        identity=vouched.identity,
        authentication=vouched.authentication,
        linked_at=at,
        used_at=at,
    )
    audit.record(
        actor=Actor(kind="resident", id=str(account.pk)),
        action="identity.method_linked",
        subject=account.ref,
        payload={"provider": vouched.provider_id},
        at=at,
    )
    return method
