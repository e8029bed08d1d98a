"""The table of the audit log, for reading. Migration 0002 makes it; only its trigger writes numbers and hashes."""

from __future__ import annotations

from django.db import models


class AuditEntry(models.Model):
    """One entry: append-only, chained to the one before. Written by `audit.record` only."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField("日時")
    actor_ref = models.CharField("行為者", max_length=100)
    action = models.CharField("行為", max_length=100)
    subject = models.CharField("対象", max_length=200)
    payload = models.TextField("内容")
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        app_label = "kernel"
        managed = False
        verbose_name = "監査記録"
        verbose_name_plural = "監査記録"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.id} {self.action} {self.subject}"
