"""The catalogue in the database: procedures as residents find them, and their yearly counts.

Owns the tables. Rows are written by loading the municipality folder only; the history of versions is in the kernel.
"""

from __future__ import annotations

from django.db import models


class Procedure(models.Model):
    """One procedure. ``data`` is the whole definition; the columns are what lists filter and sort by."""

    id = models.CharField(primary_key=True, max_length=80)
    title = models.CharField(max_length=200)
    official_name = models.CharField(max_length=200)
    kana = models.CharField(max_length=200)
    field = models.CharField(max_length=80)
    department = models.CharField(max_length=60)
    audience = models.CharField(max_length=20)
    online_status = models.CharField(max_length=20)
    online_since = models.PositiveSmallIntegerField(null=True, blank=True)
    cashless_status = models.CharField(max_length=20)
    cashless_since = models.PositiveSmallIntegerField(null=True, blank=True)
    form_id = models.CharField(max_length=60)
    workflow_id = models.CharField(max_length=60)
    standard_days = models.PositiveSmallIntegerField(null=True, blank=True)
    data = models.JSONField()
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = "手続"
        verbose_name_plural = "手続"
        ordering = ["kana", "id"]

    def __str__(self) -> str:
        return self.official_name


class ProcedureCount(models.Model):
    """Applications of a procedure in a fiscal year: all channels, and online."""

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="counts")
    fiscal_year = models.PositiveSmallIntegerField()
    total = models.PositiveIntegerField()
    online = models.PositiveIntegerField()
    is_sample = models.BooleanField(default=True)

    class Meta:
        verbose_name = "手続の件数"
        verbose_name_plural = "手続の件数"
        constraints = [
            models.UniqueConstraint(fields=["procedure", "fiscal_year"], name="catalogue_count_once"),
            models.CheckConstraint(condition=models.Q(online__lte=models.F("total")), name="catalogue_count_online"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.fiscal_year}"
