"""Records of the payments engine. Sums and states are derived from rows that are only ever added; no row holds a total."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Charge(models.Model):
    """What one payer owes for one matter (調定). Its total is the sum of its lines; it has no amount of its own.

    A charge for cases handed in together bears the number of their bundle; each of its lines names its own case and section.
    """

    id = models.UUIDField(primary_key=True)
    key = models.CharField("冪等キー", max_length=120, unique=True)
    case_number = models.CharField("受付番号", max_length=20, db_index=True)
    procedure_id = models.CharField("手続", max_length=80)
    section = models.CharField("所管課", max_length=80)
    title = models.CharField("件名", max_length=200)
    payer_ref = models.CharField(max_length=80, blank=True, default="")
    raised_at = models.DateTimeField("調定日時", db_index=True)
    due_on = models.DateField("納期限", null=True, blank=True)
    is_sample = models.BooleanField("サンプル", default=False)

    class Meta:
        verbose_name = "調定"
        verbose_name_plural = "調定"

    def __str__(self) -> str:
        return f"charge {self.pk}"


class ChargeLine(models.Model):
    """One line of a charge in integer yen. Corrections are further lines, with a negative amount when they take away."""

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="lines")
    seq = models.PositiveSmallIntegerField()
    case_number = models.CharField("受付番号", max_length=20, blank=True, default="")
    section = models.CharField("所管課", max_length=80, blank=True, default="")
    title = models.CharField("費目", max_length=200)
    account = models.CharField("歳入科目", max_length=120)
    rate_id = models.CharField("料金", max_length=80, blank=True, default="")
    unit_yen = models.BigIntegerField("単価（円）")
    quantity = models.PositiveIntegerField("数")
    exemption_id = models.CharField("減免", max_length=80, blank=True, default="")
    exemption_title = models.CharField("減免の理由", max_length=200, blank=True, default="")
    exemption_source = models.CharField("減免の根拠", max_length=200, blank=True, default="")
    exemption_proof = models.CharField("減免を示す書類", max_length=200, blank=True, default="")
    percent_off = models.PositiveSmallIntegerField("減額の割合（%）", default=0)
    amount_yen = models.BigIntegerField("金額（円）")
    added_at = models.DateTimeField("日時")
    added_by = models.CharField(max_length=80)

    class Meta:
        verbose_name = "調定の明細"
        verbose_name_plural = "調定の明細"
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["charge", "seq"], name="payments_line_seq")]
        indexes = [models.Index(fields=["case_number"], condition=~Q(case_number=""), name="payments_line_case")]

    def __str__(self) -> str:
        return f"{self.charge_id}/{self.seq}"


class ExemptionCheck(models.Model):
    """What staff found when they looked at the proof of an exemption (減免の確認); append-only, once for each line."""

    line = models.OneToOneField(ChargeLine, on_delete=models.PROTECT, related_name="exemption_check")
    accepted = models.BooleanField("認めた")
    reason = models.CharField("理由", max_length=200, blank=True, default="")
    at = models.DateTimeField("日時")
    by = models.CharField(max_length=80)

    class Meta:
        verbose_name = "減免の確認"
        verbose_name_plural = "減免の確認"
        constraints = [
            models.CheckConstraint(condition=Q(accepted=True) | ~Q(reason=""), name="payments_refusal_has_a_reason")
        ]

    def __str__(self) -> str:
        return f"{self.line_id}/{self.accepted}"


class Payment(models.Model):
    """One attempt to pay a charge by one provider. What became of it is in its events; ``amount_yen`` never changes."""

    id = models.UUIDField(primary_key=True)
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField("決済事業者", max_length=40)
    method = models.CharField("支払方法", max_length=40)
    amount_yen = models.BigIntegerField("金額（円）")
    key = models.CharField("冪等キー", max_length=120, unique=True)
    provider_ref = models.CharField("事業者の番号", max_length=120, null=True, blank=True)  # noqa: DJ001 - unknown is not empty
    also_ref = models.CharField("事業者のもう一つの番号", max_length=120, null=True, blank=True)  # noqa: DJ001 - unknown is not empty
    started_at = models.DateTimeField("開始日時", db_index=True)
    state = models.CharField("状態", max_length=12, default="started")
    paid_at = models.DateTimeField("収納日時", null=True, blank=True)
    settled_at = models.DateTimeField("消込日時", null=True, blank=True)

    class Meta:
        verbose_name = "納付"
        verbose_name_plural = "納付"
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_ref"], name="payments_provider_ref"),
            models.UniqueConstraint(fields=["provider", "also_ref"], name="payments_also_ref"),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="payments_amount_positive"),
            models.CheckConstraint(
                condition=Q(state="paid", paid_at__isnull=False) | ~Q(state="paid") & Q(paid_at__isnull=True),
                name="payments_paid_at",
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "paid_at"], name="payments_paid"),
            models.Index(
                fields=["paid_at"],
                condition=Q(state="paid", settled_at__isnull=True) & ~Q(provider="cash"),
                name="payments_not_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"payment {self.pk}"


class MoneyEvent(models.Model):
    """Something that happened, as it was learnt; append-only. ``counted`` is false for what changed nothing."""

    seq = models.PositiveSmallIntegerField()
    kind = models.CharField("出来事", max_length=20)
    at = models.DateTimeField("日時")
    source = models.CharField("知った道", max_length=20)
    counted = models.BooleanField(default=True)
    detail = models.JSONField(default=dict)

    class Meta:
        abstract = True
        ordering = ["seq"]


class PaymentEvent(MoneyEvent):
    """Something that happened to a payment."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="events")

    class Meta(MoneyEvent.Meta):
        verbose_name = "納付の出来事"
        verbose_name_plural = "納付の出来事"
        constraints = [models.UniqueConstraint(fields=["payment", "seq"], name="payments_event_seq")]

    def __str__(self) -> str:
        return f"{self.payment_id}/{self.seq}/{self.kind}"


class Refund(models.Model):
    """Money given back (還付) out of one payment; ``case_number`` when it is for one case of several paid together."""

    id = models.UUIDField(primary_key=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount_yen = models.BigIntegerField("金額（円）")
    reason = models.CharField("理由", max_length=20)
    case_number = models.CharField("受付番号", max_length=20, blank=True, default="")
    provider_ref = models.CharField("事業者の番号", max_length=120, null=True, blank=True)  # noqa: DJ001 - unknown is not empty
    asked_at = models.DateTimeField("決定日時")
    asked_by = models.CharField(max_length=80)
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by", verbose_name="やり直す還付"
    )
    state = models.CharField("状態", max_length=10, default="asked")
    done_at = models.DateTimeField("還付日時", null=True, blank=True)

    class Meta:
        verbose_name = "還付"
        verbose_name_plural = "還付"
        constraints = [models.CheckConstraint(condition=Q(amount_yen__gt=0), name="payments_refund_positive")]

    def __str__(self) -> str:
        return f"refund {self.pk}"


class Transfer(models.Model):
    """The order to pay a refund into a bank account (口座振込による還付); append-only. What became of it is the refund's.

    The account itself is never kept here: ``account_case`` is the application in which the resident told it.
    """

    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, related_name="transfer")
    order_number = models.CharField("支出命令番号", max_length=40)
    planned_on = models.DateField("振込予定日")
    reason = models.CharField("振込で返す理由", max_length=200)
    account_case = models.CharField("口座を申し出た申請", max_length=20, blank=True, default="")

    class Meta:
        verbose_name = "還付の振込"
        verbose_name_plural = "還付の振込"

    def __str__(self) -> str:
        return f"transfer {self.order_number}"


class RefundEvent(MoneyEvent):
    """Something that happened to a refund."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="events")

    class Meta(MoneyEvent.Meta):
        verbose_name = "還付の出来事"
        verbose_name_plural = "還付の出来事"
        constraints = [models.UniqueConstraint(fields=["refund", "seq"], name="payments_refund_event_seq")]

    def __str__(self) -> str:
        return f"{self.refund_id}/{self.seq}/{self.kind}"


class ProviderMessage(models.Model):
    """A notification from a provider, kept as it came; each message id once, however often it is sent.

    ``outcome``: waiting (its payment is not known yet), applied, nothing_new, mismatch (a person must look).
    """

    provider = models.CharField("決済事業者", max_length=40)
    message_id = models.CharField(max_length=120)
    kind = models.CharField("種類", max_length=20)
    provider_ref = models.CharField("事業者の番号", max_length=120)
    amount_yen = models.BigIntegerField("金額（円）", null=True)
    happened_at = models.DateTimeField("事業者での日時")
    received_at = models.DateTimeField("受信日時")
    times = models.PositiveIntegerField("受信回数", default=1)
    outcome = models.CharField("結果", max_length=12, default="waiting")

    class Meta:
        verbose_name = "事業者からの通知"
        verbose_name_plural = "事業者からの通知"
        constraints = [models.UniqueConstraint(fields=["provider", "message_id"], name="payments_message_once")]
        indexes = [
            models.Index(
                fields=["provider", "provider_ref"], condition=Q(outcome="waiting"), name="payments_message_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider}/{self.message_id}"


class SettlementFile(models.Model):
    """A file in which a provider says what it collected and pays over (精算データ). The same file is read once."""

    provider = models.CharField("決済事業者", max_length=40)
    name = models.CharField("ファイル名", max_length=200)
    digest = models.CharField(max_length=64)
    read_at = models.DateTimeField("取込日時")
    read_by = models.CharField(max_length=80)

    class Meta:
        verbose_name = "精算データ"
        verbose_name_plural = "精算データ"
        constraints = [models.UniqueConstraint(fields=["provider", "digest"], name="payments_file_once")]

    def __str__(self) -> str:
        return self.name


class SettlementRow(models.Model):
    """One row of a settlement file and what it was matched with (消込). ``kind``: payment, refund, returned (came back).

    ``result``: matched, amount_differs, unknown, doubled, not_paid_here, unreadable. Unreadable rows keep their text.
    """

    file = models.ForeignKey(SettlementFile, on_delete=models.PROTECT, related_name="rows")
    row = models.PositiveIntegerField("行")
    kind = models.CharField("区分", max_length=10, blank=True, default="")
    provider_ref = models.CharField("事業者の番号", max_length=120, blank=True, default="")
    gross_yen = models.BigIntegerField("収納額（円）", null=True)
    fee_yen = models.BigIntegerField("手数料（円）", null=True)
    on = models.DateField("収納日", null=True)
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="settlement_rows")
    refund = models.ForeignKey(Refund, null=True, on_delete=models.PROTECT, related_name="settlement_rows")
    result = models.CharField("結果", max_length=16, db_index=True)
    message = models.CharField("説明", max_length=300, blank=True, default="")
    text = models.TextField("行の文字", blank=True, default="")
    settled_note = models.CharField("処理", max_length=300, blank=True, default="")
    settled_at = models.DateTimeField("処理日時", null=True, blank=True)
    settled_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        verbose_name = "精算データの行"
        verbose_name_plural = "精算データの行"
        constraints = [
            models.UniqueConstraint(fields=["file", "row"], name="payments_row_once"),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(result="matched", kind="payment"), name="payments_settled_once"
            ),
            models.UniqueConstraint(
                fields=["refund"], condition=Q(result="matched", kind="refund"), name="payments_refund_settled_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id}:{self.row}"


class DayClosing(models.Model):
    """The daily closing of the cash at one desk (日計): what should be in the till and what was counted."""

    section = models.CharField("課", max_length=80)
    day = models.DateField("日")
    expected_yen = models.BigIntegerField("帳簿の額（円）")
    counted_yen = models.BigIntegerField("数えた額（円）")
    note = models.CharField("過不足の理由", max_length=300, blank=True, default="")
    closed_at = models.DateTimeField("締めた日時")
    closed_by = models.CharField(max_length=80)

    class Meta:
        verbose_name = "日計"
        verbose_name_plural = "日計"
        constraints = [
            models.UniqueConstraint(fields=["section", "day"], name="payments_day_once"),
            models.CheckConstraint(
                condition=Q(expected_yen=F("counted_yen")) | ~Q(note=""), name="payments_difference_explained"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section}/{self.day}"


class LocalSession(models.Model):
    """The other side of the local provider: what it knows of one payment page. The ward's services never read it."""

    ref = models.CharField(max_length=40, primary_key=True)
    key = models.CharField(max_length=120, unique=True)
    method = models.CharField(max_length=40)
    amount_yen = models.BigIntegerField()
    title = models.CharField(max_length=200)
    return_url = models.TextField()
    cancel_url = models.TextField()
    state = models.CharField(max_length=12, default="open")
    manner = models.CharField("通知のしかた", max_length=12, default="prompt")
    silent_calls = models.PositiveSmallIntegerField("返事をしない回数", default=0)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "試験用の決済"
        verbose_name_plural = "試験用の決済"

    def __str__(self) -> str:
        return self.ref


class LocalRefund(models.Model):
    """A refund as the local provider knows it."""

    ref = models.CharField(max_length=40, primary_key=True)
    key = models.CharField(max_length=120, unique=True)
    session = models.ForeignKey(LocalSession, on_delete=models.PROTECT, related_name="refunds")
    amount_yen = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "試験用の返金"
        verbose_name_plural = "試験用の返金"

    def __str__(self) -> str:
        return self.ref
