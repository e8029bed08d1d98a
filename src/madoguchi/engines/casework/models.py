"""Records of casework: workflow versions, cases, their events, notes and corrections.

Owns fields, constraints and indexes. ``CaseEvent``, ``CaseMessage`` and ``WorkflowVersion`` are append-only
(database triggers, see migrations 0002 and 0004). The projection columns of ``Case`` are written by the services only and equal the replay of its events.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value

from .schema import OUTCOME_LABELS

_OPEN = Q(closed_at__isnull=True)


class WorkflowVersion(models.Model):
    """One published state of a workflow; never changed. The id follows from the content, so that loading twice adds
    nothing.
    """

    id = models.UUIDField(primary_key=True)
    workflow_id = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    definition = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = "業務の流れの版"
        verbose_name_plural = "業務の流れの版"
        ordering = ["workflow_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["workflow_id", "version"], name="casework_workflow_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.workflow_id} v{self.version}"


class Bundle(models.Model):
    """Applications handed in together (まとめ申請): one number and code for the resident, one case per procedure.

    ``submission`` holds the answers of the interview they came from; one interview is handed in once.
    """

    number = models.CharField("まとめ番号", max_length=20, unique=True)
    title = models.CharField("件名", max_length=200)
    submission = models.OneToOneField("forms.Submission", on_delete=models.PROTECT, related_name="bundle")
    applicant_ref = models.CharField("申請者のアカウント", max_length=60, blank=True, default="")
    language = models.CharField("言語", max_length=10, default="ja")
    lookup_secret_hash = models.CharField(max_length=64)
    received_at = models.DateTimeField("受付日時")

    class Meta:
        verbose_name = "まとめ申請"
        verbose_name_plural = "まとめ申請"
        indexes = [
            models.Index(
                fields=["applicant_ref", "received_at"],
                condition=~Q(applicant_ref=""),
                name="casework_bundle_applicant",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Case(models.Model):
    """One matter before the office. ``number`` is the receipt number 受付番号; the database completes it at insert."""

    number = models.CharField("受付番号", max_length=20, db_default=Value(""))
    fiscal_year = models.PositiveSmallIntegerField("年度")
    procedure_id = models.CharField("手続ID", max_length=80)
    procedure_title = models.CharField("手続", max_length=200)
    submission = models.OneToOneField(
        "forms.Submission", null=True, blank=True, on_delete=models.PROTECT, related_name="case"
    )
    bundle = models.ForeignKey(
        Bundle, null=True, blank=True, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    workflow_version = models.ForeignKey(
        WorkflowVersion, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    channel = models.CharField("受付方法", max_length=20)
    language = models.CharField("言語", max_length=10, default="ja")
    received_at = models.DateTimeField("受付日時")
    received_on = models.DateField("収受日")
    standard_days = models.PositiveSmallIntegerField("標準処理期間（開庁日）", null=True, blank=True)
    applicant_name = models.CharField("申請者", max_length=200, blank=True, default="")
    applicant_folded = models.CharField(max_length=200, blank=True, default="")
    applicant_kana_folded = models.CharField(max_length=200, blank=True, default="")
    applicant_ref = models.CharField("申請者のアカウント", max_length=60, blank=True, default="")
    filer_ref = models.CharField("申請した代理人のアカウント", max_length=60, blank=True, default="")
    mandate = models.CharField("代理の根拠", max_length=80, blank=True, default="")
    contact_email = models.EmailField("連絡先メール", blank=True, default="")
    lookup_secret_hash = models.CharField(max_length=64)
    is_sample = models.BooleanField("サンプル", default=False)

    section = models.CharField("担当課", max_length=60)
    state = models.CharField("状態", max_length=60)
    stage = models.PositiveSmallIntegerField("段階")
    state_kind = models.CharField(max_length=20)
    clock = models.CharField(max_length=10)
    assignee_ref = models.CharField("担当者", max_length=60, blank=True, default="")
    assignee_name = models.CharField("担当者名", max_length=150, blank=True, default="")
    promised_on = models.DateField("約束日", null=True, blank=True)
    due_sort = models.DateField()
    outcome = models.CharField("結果", max_length=20, blank=True, default="", choices=list(OUTCOME_LABELS.items()))
    decided_at = models.DateTimeField("決定日時", null=True, blank=True)
    closed_at = models.DateTimeField("終了日時", null=True, blank=True)
    reply_since = models.DateTimeField("返事待ちの始まり", null=True, blank=True)
    event_count = models.PositiveIntegerField(default=0)
    section_read_at = models.DateTimeField("担当課がやりとりを読んだ日時", null=True, blank=True)
    resident_read_at = models.DateTimeField("申請者がやりとりを読んだ日時", null=True, blank=True)

    class Meta:
        verbose_name = "案件"
        verbose_name_plural = "案件"
        indexes = [
            models.Index(fields=["section", "received_at", "id"], condition=_OPEN, name="casework_open_section_age"),
            models.Index(fields=["section", "due_sort", "id"], condition=_OPEN, name="casework_open_section_due"),
            models.Index(fields=["assignee_ref", "received_at", "id"], condition=_OPEN, name="casework_open_assignee"),
            models.Index(fields=["received_at", "id"], condition=_OPEN, name="casework_open_age"),
            models.Index(
                fields=["section", "received_at", "id"],
                condition=Q(reply_since__isnull=False),
                name="casework_reply_section_age",
            ),
            models.Index(fields=["section", "received_at", "id"], name="casework_section_age"),
            models.Index(fields=["received_at", "id"], name="casework_age"),
            models.Index(fields=["procedure_id", "received_at", "id"], name="casework_procedure_age"),
            models.Index(fields=["applicant_folded"], name="casework_name", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["applicant_kana_folded"], name="casework_kana", opclasses=["varchar_pattern_ops"]),
            models.Index(
                fields=["applicant_ref", "received_at"], condition=~Q(applicant_ref=""), name="casework_applicant"
            ),
            models.Index(fields=["filer_ref", "received_at"], condition=~Q(filer_ref=""), name="casework_filer"),
            models.Index(fields=["mandate"], condition=~Q(mandate=""), name="casework_mandate"),
            models.Index(fields=["bundle"], condition=Q(bundle__isnull=False), name="casework_case_bundle"),
            models.Index(fields=["contact_email"], condition=~Q(contact_email=""), name="casework_contact"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="casework_number_once"),
            models.CheckConstraint(
                condition=Q(promised_on__isnull=True) | Q(due_sort=F("promised_on")), name="casework_due_sort"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def outcome_label(self) -> str:
        """Return the outcome in Japanese, '' while undecided."""
        return OUTCOME_LABELS.get(self.outcome, "")


class CaseEvent(models.Model):
    """One thing that happened to a case; append-only. ``seq`` counts from 1 within the case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    transition = models.CharField(max_length=60, blank=True, default="")
    from_state = models.CharField(max_length=60, blank=True, default="")
    to_state = models.CharField(max_length=60, blank=True, default="")
    outcome = models.CharField(max_length=20, blank=True, default="")
    at = models.DateTimeField()
    actor_ref = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=150, blank=True, default="")
    payload = models.JSONField(default=dict)

    class Meta:
        verbose_name = "案件の出来事"
        verbose_name_plural = "案件の出来事"
        ordering = ["case_id", "seq"]
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="casework_event_seq")]

    def __str__(self) -> str:
        return f"{self.case_id}#{self.seq} {self.kind}"


class CaseNote(models.Model):
    """A note for colleagues; residents never see it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    body = models.TextField("メモ")
    at = models.DateTimeField()
    author_ref = models.CharField(max_length=80)
    author_name = models.CharField(max_length=150, blank=True, default="")

    class Meta:
        verbose_name = "メモ"
        verbose_name_plural = "メモ"
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.at:%Y-%m-%d}"


class CaseMessage(models.Model):
    """One message between the applicant and the section; append-only. Who read up to when stands on the case."""

    class Side(models.TextChoices):
        """Who wrote it."""

        RESIDENT = "resident", "申請者"
        SECTION = "section", "担当課"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    side = models.CharField(max_length=10, choices=Side.choices)
    body = models.TextField("本文")
    at = models.DateTimeField()
    author_ref = models.CharField(max_length=80)
    author_name = models.CharField(max_length=150, blank=True, default="")

    class Meta:
        verbose_name = "やりとり"
        verbose_name_plural = "やりとり"
        ordering = ["case_id", "at", "id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.at:%Y-%m-%d}"


class ExpectedOriginal(models.Model):
    """A paper whose original is to come by post. What became of it is derived from the times; who, from the case's events."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="originals")
    paper_id = models.CharField(max_length=60)
    title = models.JSONField("書類")
    due_on = models.DateField("期限")
    goes_back = models.BooleanField("返す", default=False)
    arrived_at = models.DateTimeField("到着日時", null=True, blank=True)
    missing_at = models.DateTimeField("不着を確かめた日時", null=True, blank=True)
    waived_at = models.DateTimeField("不要とした日時", null=True, blank=True)
    returned_at = models.DateTimeField("返送日時", null=True, blank=True)
    reminded_at = models.DateTimeField("期限が近いことを知らせた日時", null=True, blank=True)

    class Meta:
        verbose_name = "郵送の原本"
        verbose_name_plural = "郵送の原本"
        ordering = ["case_id", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "paper_id"], name="casework_original_once")]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(arrived_at__isnull=True, waived_at__isnull=True),
                name="casework_original_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.paper_id}"

    @property
    def state(self) -> str:
        """Return waiting, missing (asked about and not found), arrived, returned or waived."""
        if self.returned_at:
            return "returned"
        if self.arrived_at:
            return "arrived"
        if self.waived_at:
            return "waived"
        return "missing" if self.missing_at else "waiting"

    @property
    def is_awaited(self) -> bool:
        """Tell whether the office still waits for it."""
        return self.arrived_at is None and self.waived_at is None


class CorrectionRequest(models.Model):
    """A request to correct named fields (補正). Open until answered or closed; ``changes`` keeps before and after."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="corrections")
    fields = models.JSONField("項目")
    reason_id = models.CharField(max_length=60, blank=True, default="")
    message = models.TextField("伝える内容")
    due_on = models.DateField("期限")
    asked_at = models.DateTimeField()
    asked_by_ref = models.CharField(max_length=80)
    asked_by_name = models.CharField(max_length=150, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="回答のないまま職員が進めた日時")
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="期限が近いことを知らせた日時")
    changes = models.JSONField(default=list)
    prepared = models.JSONField(default=dict, help_text="送られる前に届いたファイル（項目ごと）")

    class Meta:
        verbose_name = "補正の依頼"
        verbose_name_plural = "補正の依頼"
        ordering = ["case_id", "asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(answered_at__isnull=True, closed_at__isnull=True),
                name="casework_one_open_correction",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.asked_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        """Tell whether the resident's answer is still awaited."""
        return self.answered_at is None and self.closed_at is None
