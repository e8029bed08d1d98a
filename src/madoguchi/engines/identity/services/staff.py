"""Accounts of staff: registering one, the first password by a one-time invitation, switching an account off and on."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from madoguchi.kernel import audit
from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

from ..managers import fold_login
from ..models import Account
from ..rules import StaffRow
from .guards import (
    administration_periods,
    demand_administration,
    demand_administrator,
    lock_administration,
    locked_account,
)
from .posts import create_post


def staff_invitation(login: str, *, actor: Actor, at: datetime) -> tuple[Account, str]:
    """Return the account and a token with which its holder sets a password once.

    The token dies when the password changes or after ``PASSWORD_RESET_TIMEOUT`` seconds (Django: three days). Needs
    ``admin.staff`` (held only during an elevation) or the command line. Raises NotFound, NotAllowed.
    """
    if not actor.may("admin.staff"):
        raise NotAllowed("職員を招待する権限がありません。", code="identity.invite", mend="権限を昇格してください。")
    account = Account.objects.filter(login=fold_login(login), kind=Account.Kind.STAFF, is_active=True).first()
    if account is None:
        raise NotFound(
            "この職員は登録されていません。", code="identity.staff_unknown", mend="ログインIDを確かめてください。"
        )
    token = default_token_generator.make_token(account)
    audit.record(actor=actor, action="identity.staff_invited", subject=account.ref, payload={}, at=at)
    return account, token


def register_staff(row: StaffRow, *, actor: Actor, at: datetime) -> tuple[Account, str]:
    """Make an account with its first post and return it with the token of its invitation (see ``staff_invitation``).

    Needs ``admin.staff``. Raises NotAllowed; Conflict, its context naming the field (``login`` or ``email``), when
    another person has the login or the address.
    """
    demand_administration(actor)
    with transaction.atomic():
        taken = Account.objects.filter(kind=Account.Kind.STAFF)
        if Account.objects.filter(login=row.login).exists():
            raise _taken("login", "このログインIDは、すでに使われています。")
        if row.email and taken.filter(email__iexact=row.email).exists():
            raise _taken("email", "このメールアドレスは、すでにほかの職員が使っています。")
        try:
            with transaction.atomic():
                account = Account.objects.create_staff(row.login, name=row.name, email=row.email)
        except IntegrityError as error:
            raise _taken("login", "このログインIDかメールアドレスは、すでに使われています。") from error
        post = create_post(account, row.post)
        payload = {"post": post.pk, "role": post.role_id, "department": post.department_id}
        audit.record(actor=actor, action="identity.staff_registered", subject=account.ref, payload=payload, at=at)
        return staff_invitation(account.login, actor=actor, at=at)


def _taken(column: str, message: str) -> Conflict:
    mend = "職員の一覧で、同じ人が登録されていないか確かめてください。"
    return Conflict(message, code="identity.staff_taken", mend=mend, column=column)


def find_invited(account_id: int, token: str) -> Account:
    """Return the invited account. Raises NotFound for every token that does not work, for whatever reason."""
    account = Account.objects.filter(pk=account_id, kind=Account.Kind.STAFF, is_active=True).first()
    if account is None or not default_token_generator.check_token(account, token):
        raise NotFound(
            "この招待は使えません。期限が切れたか、すでに使われています。",
            code="identity.invitation",
            mend="情報管理課に、招待をもう一度依頼してください。",
        )
    return account


def set_first_password(account_id: int, token: str, *, password: str, at: datetime) -> Account:
    """Set the password of an invited member of staff.

    Raises NotFound or InvalidInput with the rules that were broken.
    """
    with transaction.atomic():
        account = find_invited(account_id, token)
        try:
            validate_password(password, account)
        except ValidationError as error:
            raise InvalidInput("".join(error.messages), code="identity.password") from error
        account.set_password(password)
        account.save(update_fields=["password"])
        actor = Actor(kind="staff", id=str(account.pk))
        audit.record(actor=actor, action="identity.password_set", subject=account.ref, payload={}, at=at)
    return account


SWITCH_REASONS = {
    "off": {"left": "退職", "moved": "異動", "leave": "休職・休業", "security": "紛失・不正利用のおそれ"},
    "on": {"returned": "復職", "checked": "安全を確認した", "mistake": "誤って停止した"},
}
"""Reasons by code: the audit entry keeps the code, so that no personal data gets into it."""


def switch_off_account(account: Account, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Switch an account off; its sessions end with the next request. Loading the folder again leaves it off.

    Needs ``admin.staff``. Raises NotAllowed, also for the actor's own account; InvalidInput for an unknown reason;
    Conflict when it is off already or nobody could look after staff any more.
    """
    _switch(account, "off", reason=reason, actor=actor, at=at)


def switch_on_account(account: Account, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Let a switched-off account sign in again. Needs ``admin.staff``. Raises as ``switch_off_account`` does."""
    _switch(account, "on", reason=reason, actor=actor, at=at)


def _switch(account: Account, way: str, *, reason: str, actor: Actor, at: datetime) -> None:
    demand_administration(actor, of=account)
    if reason and reason not in SWITCH_REASONS[way]:
        raise InvalidInput("理由を選んでください。", code="identity.switch_reason")
    with transaction.atomic():
        roles = lock_administration()
        held = locked_account(account.pk)
        if held.is_active is (way == "on"):
            words = "このアカウントは、すでに使えます。" if way == "on" else "このアカウントは、すでに停止しています。"
            raise Conflict(words, code="identity.switched_already", mend="画面を読み込み直してください。")
        before = administration_periods(roles)
        held.is_active, held.left_folder = way == "on", False
        held.save(update_fields=["is_active", "left_folder"])
        demand_administrator(before, administration_periods(roles), day=at.date())
        payload = {"reason": reason} if reason else {}
        audit.record(actor=actor, action=f"identity.switched_{way}", subject=account.ref, payload=payload, at=at)
