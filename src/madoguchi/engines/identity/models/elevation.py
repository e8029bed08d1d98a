"""Elevation: a stretch of time in which an administrator holds more rights, with the reason given for it."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Elevation(models.Model):
    """Whether it is in force is derived from the three times; there is no status column."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="elevations")
    reason = models.CharField("理由", max_length=300)
    started_at = models.DateTimeField("開始")
    ends_at = models.DateTimeField("期限")
    ended_at = models.DateTimeField("終了", null=True, blank=True)

    class Meta:
        verbose_name = "権限の昇格"
        verbose_name_plural = "権限の昇格"
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["account", "-ends_at"], name="identity_elevation_account")]

    def __str__(self) -> str:
        return f"elevation {self.pk}"
