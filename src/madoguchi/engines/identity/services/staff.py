"""Accounts of staff: the first password by a one-time invitation, switching an account off.

Posts come from the folder.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction

from madoguchi.kernel import audit
from madoguchi.kernel.access import Actor
from madoguchi.kernel.errors import InvalidInput, NotAllowed, NotFound

from ..managers import fold_login
from ..models import Account


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
            "この職員は登録されていません。", code="identity.staff_unknown", mend="staff.yaml を確かめてください。"
        )
    audit.record(actor=actor, action="identity.staff_invited", subject=account.ref, payload={}, at=at)
    return account, default_token_generator.make_token(account)


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
    """Switch an account off; its sessions end with the next request.

    Needs ``admin.staff``. Raises NotAllowed, also for the actor's own account; InvalidInput for an unknown reason.
    """
    _switch(account, "off", reason=reason, actor=actor, at=at)


def switch_on_account(account: Account, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Let a switched-off account sign in again. Needs ``admin.staff``. Raises NotAllowed, InvalidInput."""
    _switch(account, "on", reason=reason, actor=actor, at=at)


def _switch(account: Account, way: str, *, reason: str, actor: Actor, at: datetime) -> None:
    if not actor.may("admin.staff"):
        raise NotAllowed(
            "アカウントの利用を切り替える権限がありません。", code="identity.switch", mend="権限を昇格してください。"
        )
    if actor.ref == account.ref:
        raise NotAllowed(
            "自分のアカウントは停止できません。",
            code="identity.switch_self",
            mend="ほかの管理者に依頼してください。",
        )
    if reason and reason not in SWITCH_REASONS[way]:
        raise InvalidInput("理由を選んでください。", code="identity.switch_reason")
    with transaction.atomic():
        account.is_active = way == "on"
        account.save(update_fields=["is_active"])
        payload = {"reason": reason} if reason else {}
        audit.record(actor=actor, action=f"identity.switched_{way}", subject=account.ref, payload=payload, at=at)
