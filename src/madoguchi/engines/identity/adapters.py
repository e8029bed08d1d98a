"""How django-allauth behaves in this house: staff only, no sign-up, secrets of the second factor sealed at rest."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from madoguchi.kernel.origin import client_ip

from .backends import STAFF_BACKEND


class StaffAccountAdapter(DefaultAccountAdapter):
    """Signs staff in through the staff backend; accounts come from the ward folder, so nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "ログインIDかパスワードが違います。",
        "incorrect_password": "パスワードが違います。",
        "enter_current_password": "今のパスワードを入力してください。",
        "too_many_login_attempts": "続けて間違えたため、しばらく受け付けません。15分ほど待ってください。",
        "rate_limited": "短い時間に何度も操作がありました。少し待ってください。",
        "account_inactive": "このアカウントは使えません。情報管理課に連絡してください。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse sign-up always."""
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in with the staff backend, which refuses residents on the next request."""
        user.backend = STAFF_BACKEND
        super().login(request, user)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again before a change of factors only when the sign-in is more than ten minutes old.

        Everything else (an elevation) asks always, as allauth does.
        """
        if app != "allauth.mfa":
            return super().is_reauthentication_required(app=app, **kwargs)
        records = get_authentication_records(self.request, self.request.user)
        newest = max((record["at"] for record in records), default=0.0)
        return time.time() - newest > account_settings.REAUTHENTICATION_TIMEOUT

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the client's address as the rest of the house reads it."""
        return client_ip(request)

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Show errors only: that a sign-in went well is seen by being in."""
        if level >= messages.ERROR:
            super().add_message(request, level, *args, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: mail leaves the house only through the notices engine."""


class StaffMFAAdapter(DefaultMFAAdapter):
    """Second factors: sealed secrets, Japanese words, and the last factor cannot be taken away."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "確認コードが違います。認証アプリに今出ている6桁の数字を入力してください。",
        "cannot_delete_authenticator": "職員は二段階認証を外せません。先に別の方法を登録してください。",
        "cannot_generate_recovery_codes": "先に認証アプリかパスキーを登録してください。",
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret with a key derived from ``SECRET_KEY`` (Fernet: AES-128-CBC with HMAC-SHA256)."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret. Raises ``cryptography.fernet.InvalidToken`` when the key has changed."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """Return the name an authenticator app shows."""
        return "窓口"

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """Return the login name, never an e-mail address."""
        return user.get_username()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """Return the suggested name of a new passkey."""
        return f"パスキー{Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Allow removal only while another real factor (not recovery codes) stays."""
        if authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        others = Authenticator.objects.filter(
            user_id=authenticator.user_id, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        ).exclude(pk=authenticator.pk)
        return others.exists()


def _cipher() -> Any:
    from cryptography.fernet import Fernet

    key = hashlib.sha256(b"madoguchi.identity.mfa:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
