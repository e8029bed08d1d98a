"""What the forms engine stores: published versions, drafts, submissions, attachments.

Owns the tables. ``FormVersion`` and ``Submission`` are immutable (database triggers in the migrations); only a draft
changes, and only through ``services``. Corrections of a submission are kept by casework, beside it.
"""

from __future__ import annotations

from django.db import models


class FormVersion(models.Model):
    """One published state of a form; the id follows from the content, so that loading twice adds nothing."""

    id = models.UUIDField(primary_key=True)
    form_id = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    definition = models.JSONField()
    valid_from = models.DateField()
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = "様式の版"
        verbose_name_plural = "様式の版"
        ordering = ["form_id", "version"]
        constraints = [models.UniqueConstraint(fields=["form_id", "version"], name="forms_version_once")]

    def __str__(self) -> str:
        return f"{self.form_id} v{self.version}"


class Draft(models.Model):
    """Answers on their way. ``answers`` holds what was typed, hidden branches included; it never expires by itself sooner
    than ``expires_at``. ``mandate`` names what lets the owner act for somebody else ('' for oneself); ``holder_ref`` the
    member of staff who has it in hand for a resident (聞き取り). A draft with a ``parent`` is one part of what is handed in
    together (まとめ申請)."""

    id = models.UUIDField(primary_key=True)
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="drafts")
    procedure_id = models.CharField(max_length=80)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="parts", db_index=False
    )
    answers = models.JSONField(default=dict)
    lang = models.CharField(max_length=10, default="ja")
    channel = models.CharField(max_length=20, default="online")
    owner_ref = models.CharField(max_length=60, blank=True, default="")
    mandate = models.CharField(max_length=80, blank=True, default="")
    holder_ref = models.CharField(max_length=60, blank=True, default="")
    code_hash = models.CharField(max_length=64, unique=True)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = "下書き"
        verbose_name_plural = "下書き"
        indexes = [
            models.Index(
                fields=["owner_ref", "-updated_at"], condition=~models.Q(owner_ref=""), name="forms_draft_owner"
            ),
            models.Index(fields=["expires_at"], name="forms_draft_expiry"),
            models.Index(fields=["parent"], condition=models.Q(parent__isnull=False), name="forms_draft_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.id}"


class DraftHand(models.Model):
    """One change of hands of a draft between web, counter, phone and kiosk; append-only (database trigger)."""

    draft_id = models.UUIDField(db_index=True)
    channel = models.CharField(max_length=20)
    actor_ref = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=150, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "下書きの受け渡し"
        verbose_name_plural = "下書きの受け渡し"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.channel}"


class Prefill(models.Model):
    """What was put into a draft from what is known about the person (``prefilling``); kept beside its submission."""

    draft_id = models.UUIDField(primary_key=True)
    origins = models.JSONField(default=dict)
    declined = models.JSONField(default=list)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = "あらかじめ入れた回答"
        verbose_name_plural = "あらかじめ入れた回答"

    def __str__(self) -> str:
        return f"prefill {self.draft_id}"


class Submission(models.Model):
    """Answers as handed in: the form version, the answers that counted, papers and fee lines of that moment."""

    id = models.UUIDField(primary_key=True)
    draft_id = models.UUIDField(unique=True)
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="submissions")
    procedure_id = models.CharField(max_length=80)
    answers = models.JSONField()
    normalised = models.JSONField(default=dict)
    papers = models.JSONField(default=list)
    fees = models.JSONField(default=list)
    fee_yen = models.PositiveIntegerField(default=0)
    lang = models.CharField(max_length=10, default="ja")
    channel = models.CharField(max_length=20, default="online")
    owner_ref = models.CharField(max_length=60, blank=True, default="")
    mandate = models.CharField(max_length=80, blank=True, default="")
    submitted_at = models.DateTimeField()

    class Meta:
        verbose_name = "申請内容"
        verbose_name_plural = "申請内容"

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.id}"


class Attachment(models.Model):
    """A file handed in with a draft; the bytes lie in the file store under ``stored`` (never under the web root).

    ``sha256`` is of the bytes as kept, ``original_sha256`` of the bytes as sent (a picture is turned, shrunk, freed of its
    metadata). ``held_since`` is set on a paper taken over from an earlier application: when it was handed in then.
    """

    id = models.UUIDField(primary_key=True)
    draft_id = models.UUIDField(db_index=True)
    field_id = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    original_sha256 = models.CharField(max_length=64, blank=True, default="")
    original_size = models.PositiveIntegerField(null=True, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    stored = models.CharField(max_length=200)
    held_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "添付ファイル"
        verbose_name_plural = "添付ファイル"

    def __str__(self) -> str:
        return f"{self.field_id} {self.id}"


class FileScan(models.Model):
    """What a virus scanner was asked and said of an attachment; rows are only added, a file's state is derived from them."""

    class Result(models.TextChoices):
        """``asked`` opens the hold; ``clean`` ends it; ``infected`` ends reading for good."""

        ASKED = "asked", "確認を依頼"
        CLEAN = "clean", "問題なし"
        INFECTED = "infected", "ウイルスを検出"

    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="scans")
    at = models.DateTimeField()
    result = models.CharField(max_length=10, choices=Result.choices)
    signature = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "ウイルスの確認"
        verbose_name_plural = "ウイルスの確認"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.attachment_id} {self.result}"


class Upload(models.Model):
    """A file on its way in pieces: how much has arrived, and what became of it. ``parts`` names the pieces in the file store."""

    id = models.UUIDField(primary_key=True)
    draft_id = models.UUIDField()
    field_id = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    received = models.PositiveIntegerField(default=0)
    parts = models.JSONField(default=list)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "送信中のファイル"
        verbose_name_plural = "送信中のファイル"
        indexes = [
            models.Index(fields=["draft_id", "field_id"], name="forms_upload_draft"),
            models.Index(fields=["updated_at"], name="forms_upload_age"),
        ]

    def __str__(self) -> str:
        return f"{self.field_id} {self.received}/{self.size}"
