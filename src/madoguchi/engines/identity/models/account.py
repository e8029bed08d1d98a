"""The account: one row per person who can sign in. Owns the name to sign in with;
may not say what the person may do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models.functions import Lower

from ..managers import AccountManager, fold_login


class Account(AbstractBaseUser):
    """A resident or a member of staff. Rights come from ``StaffPost`` rows, never from flags on the account."""

    class Kind(models.TextChoices):
        """Which door the person uses."""

        STAFF = "staff", "職員"
        RESIDENT = "resident", "区民"

    kind = models.CharField("種別", max_length=10, choices=Kind.choices)
    login = models.CharField("ログインID", max_length=270, unique=True, help_text="小文字で保存する")
    email = models.EmailField("メールアドレス", blank=True, default="")
    name = models.CharField("表示名", max_length=150, blank=True, default="")
    is_active = models.BooleanField("利用できる", default=True)
    left_folder = models.BooleanField(default=False)  # switched off because the folder no longer named the person
    is_demo = models.BooleanField("デモ用", default=False, help_text="公開された合言葉を持つ。本番に置かない")
    from_folder = models.BooleanField("自治体フォルダーから", default=False)
    session_epoch = models.PositiveIntegerField(default=0)  # one more ends every session of the person
    created_at = models.DateTimeField("作成日時", auto_now_add=True)

    objects = AccountManager()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "アカウント"
        verbose_name_plural = "アカウント"
        constraints = [
            models.CheckConstraint(condition=models.Q(login=Lower("login")), name="identity_login_lower"),
            models.UniqueConstraint("kind", Lower("email"), condition=~models.Q(email=""), name="identity_email_once"),
        ]

    def __str__(self) -> str:
        return self.ref

    def clean(self) -> None:
        """Bring the login name into its stored shape before validation."""
        self.login = fold_login(self.login)

    def get_full_name(self) -> str:
        """Return the name to show."""
        return self.name or self.login

    def get_short_name(self) -> str:
        """Return the name to show."""
        return self.get_full_name()

    def get_session_auth_hash(self) -> str:
        """Return what a session must still match; changes with the password and with ``session_epoch``."""
        return self._of_epoch(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Yield the same for each earlier secret key of the house."""
        yield from map(self._of_epoch, super().get_session_auth_fallback_hash())

    def _of_epoch(self, digest: str) -> str:
        """Mix the number of times that all sessions were ended into Django's hash; it stays as it was at none."""
        return hashlib.sha256(f"{self.session_epoch}:{digest}".encode()).hexdigest() if self.session_epoch else digest

    @property
    def ref(self) -> str:
        """Return the reference used in audit entries and events, for example ``staff:12``."""
        return f"{self.kind}:{self.pk}"
