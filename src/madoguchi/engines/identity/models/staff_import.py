"""A list of staff that was uploaded and not yet taken over whole. Owns what was typed until it is in or thrown away."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class StaffImport(models.Model):
    """The rows of one file that are not in yet, as they were typed; seen by the uploader only, deleted when done."""

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_imports")
    created_at = models.DateTimeField()
    rows = models.JSONField(default=list, help_text="[行番号, {列: 値}] の並び")
    ignored = models.JSONField(default=list, help_text="取り込まない列の見出し")

    class Meta:
        verbose_name = "職員の取り込み"
        verbose_name_plural = "職員の取り込み"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"staff import {self.pk}"
