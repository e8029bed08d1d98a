"""How residents sign in beside the mailed link, what they keep for later forms, and what was proven for an application.

``SignInMethod`` is keyed by issuer and subject: nothing else ever leads to an account. ``ShownProof`` is append-only (a
database trigger refuses changes).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SignInMethod(models.Model):
    """An account at a provider that is linked to a resident's account; ``claims`` are the last ones it gave."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="methods")
    provider_id = models.CharField("提供者", max_length=40)
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    claims = models.JSONField("提供された情報", default=dict)
    identity = models.PositiveSmallIntegerField("身元確認", default=1)
    authentication = models.PositiveSmallIntegerField("当人認証", default=1)
    linked_at = models.DateTimeField("つないだ日時")
    used_at = models.DateTimeField("最後に使った日時")

    class Meta:
        verbose_name = "サインインの方法"
        verbose_name_plural = "サインインの方法"
        ordering = ["linked_at"]
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="identity_method_once")]

    def __str__(self) -> str:
        return f"{self.provider_id} {self.pk}"


class ResidentProfile(models.Model):
    """What a resident keeps to fill forms with: plain values by key (``rules.PROFILE_KEYS``), written by the resident only."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    values = models.JSONField("登録情報", default=dict)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = "登録情報"
        verbose_name_plural = "登録情報"

    def __str__(self) -> str:
        return f"profile {self.account_id}"


class ShownProof(models.Model):
    """What somebody proved when something was handed in: by whom, at which levels, when, and the claims that were used.

    ``subject`` is the reference of what was handed in, such as ``submission:0193…``.
    """

    subject = models.CharField(max_length=80)
    account_ref = models.CharField(max_length=60)
    provider_id = models.CharField(max_length=40)
    provider_title = models.CharField(max_length=120)
    issuer = models.CharField(max_length=255, blank=True, default="")
    identity = models.PositiveSmallIntegerField()
    authentication = models.PositiveSmallIntegerField()
    authenticated_at = models.DateTimeField()
    claims = models.JSONField(default=dict)
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = "本人確認の記録"
        verbose_name_plural = "本人確認の記録"
        ordering = ["pk"]
        indexes = [models.Index(fields=["subject"], name="identity_proof_subject")]

    def __str__(self) -> str:
        return f"{self.subject} {self.identity}/{self.authentication}"
