"""History of what the municipality's data was: one row per item and version, one row per load or publication.

Owns the two tables. Only ``kernel.municipality`` writes them.
"""

from __future__ import annotations

from django.db import models


class FolderItem(models.Model):
    """One version of one item of a section (a procedure, a holiday list, a role). The current one is not retired.

    ``origin`` is ``folder``, or the name of the room whose staff published it: a load leaves such an item alone until the
    folder holds the same. ``effective_on`` is set while a version waits for its day.
    """

    section = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    data = models.JSONField()
    loaded_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    origin = models.CharField(max_length=20, default="folder")
    effective_on = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "kernel"
        verbose_name = "フォルダの項目"
        verbose_name_plural = "フォルダの項目"
        constraints = [
            models.UniqueConstraint(fields=["section", "key", "version"], name="kernel_folderitem_version"),
            models.UniqueConstraint(
                fields=["section", "key"],
                condition=models.Q(retired_at__isnull=True, effective_on__isnull=True),
                name="kernel_folderitem_current",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section}/{self.key} v{self.version}"


class FolderLoad(models.Model):
    """One load or publication that changed something; its id is the generation that caches follow."""

    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    changed = models.PositiveIntegerField()
    loaded_at = models.DateTimeField()
    actor_ref = models.CharField(max_length=100)

    class Meta:
        app_label = "kernel"
        verbose_name = "フォルダの読込"
        verbose_name_plural = "フォルダの読込"

    def __str__(self) -> str:
        return f"{self.name} {self.loaded_at:%Y-%m-%d}"
