"""Working copies of procedures: their revisions, what happened to them, trials of the preview, papers being imported.

Owns the tables. A revision never changes; the state of a copy is derived from its events (``rules``).
"""

from __future__ import annotations

from django.db import models


class StudioDraft(models.Model):
    """A working copy of one procedure and its form. Title and department repeat the newest revision, for lists."""

    id = models.UUIDField(primary_key=True)
    procedure_id = models.CharField(max_length=80)
    form_id = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    department = models.CharField(max_length=60, db_index=True)
    revision = models.PositiveIntegerField(default=1)
    base_digest = models.CharField(max_length=64, blank=True, default="")
    author_ref = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "作業中の写し"
        verbose_name_plural = "作業中の写し"
        constraints = [
            models.UniqueConstraint(
                fields=["procedure_id"], condition=models.Q(ended_at__isnull=True), name="studio_copy_once"
            ),
            models.UniqueConstraint(
                fields=["form_id"], condition=models.Q(ended_at__isnull=True), name="studio_form_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.id}"


class StudioRevision(models.Model):
    """One saved state of a working copy, whole: who wrote it, when, and what was changed."""

    draft = models.ForeignKey(StudioDraft, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    what = models.CharField(max_length=200)
    actor_ref = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "改訂"
        verbose_name_plural = "改訂"
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="studio_revision_once")]

    def __str__(self) -> str:
        return f"{self.draft_id} r{self.number}"


class StudioEvent(models.Model):
    """What happened to a working copy, or (without one) to a published procedure: it was retired."""

    draft = models.ForeignKey(StudioDraft, on_delete=models.CASCADE, null=True, blank=True, related_name="events")
    procedure_id = models.CharField(max_length=80, db_index=True)
    kind = models.CharField(max_length=20)
    revision = models.PositiveIntegerField(default=0)
    note = models.TextField(blank=True, default="")
    effective_on = models.DateField(null=True, blank=True)
    actor_ref = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "様式スタジオの出来事"
        verbose_name_plural = "様式スタジオの出来事"
        indexes = [models.Index(fields=["draft", "id"], name="studio_event_draft")]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.kind}"


class StudioTrial(models.Model):
    """The made-up answers with which one member of staff tries a working copy in the preview."""

    draft = models.ForeignKey(StudioDraft, on_delete=models.CASCADE, related_name="trials")
    actor_ref = models.CharField(max_length=60)
    answers = models.JSONField(default=dict)
    tried_at = models.DateTimeField()

    class Meta:
        verbose_name = "試し入力"
        verbose_name_plural = "試し入力"
        constraints = [models.UniqueConstraint(fields=["draft", "actor_ref"], name="studio_trial_once")]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.actor_ref}"


class StudioIntake(models.Model):
    """A paper form as it was read (様式取込): the proposal, and the clerk's decision on each question."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=200)
    proposal = models.JSONField()
    decisions = models.JSONField(default=dict)
    actor_ref = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    draft = models.ForeignKey(StudioDraft, on_delete=models.SET_NULL, null=True, blank=True, related_name="intakes")

    class Meta:
        verbose_name = "様式取込"
        verbose_name_plural = "様式取込"

    def __str__(self) -> str:
        return f"{self.name} {self.id}"
