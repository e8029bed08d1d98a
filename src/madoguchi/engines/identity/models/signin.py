"""Requests for a mailed sign-in link. Owns single use, expiry and the counts the rate limit is read from."""

from __future__ import annotations

from django.db import models


class SignInLink(models.Model):
    """One request. The token itself is never stored: only its hash, and hashes of address and network origin."""

    id = models.UUIDField(primary_key=True)
    email = models.EmailField("宛先", blank=True, default="", help_text="使われるか期限が切れると消える")
    email_hash = models.CharField(max_length=64)
    origin_hash = models.CharField(max_length=64)
    token_hash = models.CharField(max_length=64, unique=True)
    next_path = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "サインイン用リンク"
        verbose_name_plural = "サインイン用リンク"
        indexes = [
            models.Index(fields=["email_hash", "created_at"], name="identity_link_email"),
            models.Index(fields=["origin_hash", "created_at"], name="identity_link_origin"),
        ]

    def __str__(self) -> str:
        return f"sign-in link {self.pk}"
