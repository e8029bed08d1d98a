"""Records of issuing: documents, what happened to them, how they reach the resident, and the series of numbers.

Owns fields and constraints. A document and its events never change (database triggers, migration 0002); only the delivery
is filled in as it goes. The PDF lies in the file store, never under the web root.
"""

from __future__ import annotations

from django.db import models


class NumberSeries(models.Model):
    """The last serial of a sign in a fiscal year; the row is locked while a number is taken."""

    fiscal_year = models.PositiveSmallIntegerField("年度")
    sign = models.CharField("文書記号", max_length=12)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "文書番号の列"
        verbose_name_plural = "文書番号の列"
        constraints = [models.UniqueConstraint(fields=["fiscal_year", "sign"], name="issuing_series_once")]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.sign}"


class IssuedDocument(models.Model):
    """A document as it was issued; ``template`` and its digest say from which data it was made."""

    id = models.UUIDField(primary_key=True)
    number = models.CharField("文書番号", max_length=60)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    template_id = models.CharField(max_length=60)
    template_digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    title = models.JSONField("名称")
    case_number = models.CharField("受付番号", max_length=20, db_index=True)
    procedure_id = models.CharField(max_length=80)
    section = models.CharField("担当課", max_length=60)
    section_name = models.CharField("担当課の名前", max_length=100)
    issued_at = models.DateTimeField("交付日時")
    issued_on = models.DateField("交付日")
    expires_on = models.DateField("有効期限", null=True, blank=True)
    issued_by_ref = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    stored = models.CharField(max_length=200)
    code_hash = models.CharField(max_length=64, unique=True)
    ways = models.JSONField(default=list)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    is_sample = models.BooleanField("サンプル", default=False)

    class Meta:
        verbose_name = "交付文書"
        verbose_name_plural = "交付文書"
        ordering = ["-issued_at"]
        constraints = [models.UniqueConstraint(fields=["fiscal_year", "number"], name="issuing_number_once")]

    def __str__(self) -> str:
        return self.number


class DocumentEvent(models.Model):
    """One thing that happened to a document; append-only."""

    document = models.ForeignKey(IssuedDocument, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    actor_ref = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=150, blank=True, default="")
    reason = models.TextField("理由", blank=True, default="")

    class Meta:
        verbose_name = "交付文書の出来事"
        verbose_name_plural = "交付文書の出来事"
        ordering = ["document_id", "id"]

    def __str__(self) -> str:
        return f"{self.document_id} {self.kind}"


class Delivery(models.Model):
    """How the resident chose to receive the paper: by post to an address, or at a desk. Filled in as it goes."""

    WAYS = {"post": "郵送", "pickup": "窓口で受け取る"}

    document = models.OneToOneField(IssuedDocument, on_delete=models.PROTECT, related_name="delivery")
    way = models.CharField(max_length=10, choices=list(WAYS.items()))
    name = models.CharField("あて名", max_length=200, blank=True, default="")
    address = models.TextField("送り先", blank=True, default="")
    desk = models.CharField("窓口", max_length=60, blank=True, default="")
    section = models.CharField(max_length=60)
    chosen_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    posted_on = models.DateField("発送日", null=True, blank=True)
    tracking = models.CharField("追跡番号", max_length=40, blank=True, default="")

    class Meta:
        verbose_name = "文書の渡し方"
        verbose_name_plural = "文書の渡し方"
        indexes = [
            models.Index(fields=["section", "chosen_at"], condition=models.Q(done_at=None), name="issuing_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.way}"
