"""Records of the notices engine. What happened to a notice is derived from its attempts; there is no status column."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """One message to one person.

    ``late`` names values (a sign-in token) that are put in at delivery and never stored.
    """

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="notices"
    )
    owner = models.CharField("受け取る人", max_length=40, blank=True, default="")
    email = models.EmailField("宛先", blank=True, default="")
    phone = models.CharField("宛先の電話", max_length=20, blank=True, default="")
    case_number = models.CharField("受付番号", max_length=20, blank=True, default="")
    letter = models.CharField("文面", max_length=60)
    letter_digest = models.CharField(max_length=64)
    lang = models.CharField("言語", max_length=10)
    channels = models.JSONField("届け方")
    subject = models.CharField("件名", max_length=300)
    body = models.TextField("本文")
    sms = models.TextField("SMS の文", blank=True, default="")
    card = models.JSONField("LINE のカードの値", default=dict)
    late = models.JSONField("届ける時に入る値", default=dict)
    dedupe_key = models.CharField(max_length=150, null=True, blank=True, unique=True)
    created_at = models.DateTimeField("作成日時")
    read_at = models.DateTimeField("開封日時", null=True, blank=True)

    class Meta:
        verbose_name = "お知らせ"
        verbose_name_plural = "お知らせ"
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["account", "-created_at"], name="notices_feed"),
            models.Index(fields=["case_number", "-created_at"], name="notices_case"),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class DeliveryAttempt(models.Model):
    """One try to deliver a notice by one channel, and how it ended."""

    class Result(models.TextChoices):
        """How a try ended: ``failed`` will be tried again, ``given_up`` will not."""

        SENT = "sent", "届けた"
        FAILED = "failed", "失敗（再試行）"
        GIVEN_UP = "given_up", "届けられない"

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="attempts")
    channel = models.CharField("届け方", max_length=20)
    at = models.DateTimeField("日時")
    result = models.CharField("結果", max_length=10, choices=Result.choices)
    error_class = models.CharField("誤りの種類", max_length=100, blank=True, default="")
    ref = models.CharField("相手の番号", max_length=120, blank=True, default="")

    class Meta:
        verbose_name = "配達の試み"
        verbose_name_plural = "配達の試み"
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "channel"], condition=models.Q(result="sent"), name="notices_sent_once"
            )
        ]
        indexes = [models.Index(fields=["ref"], condition=~models.Q(ref=""), name="notices_attempt_ref")]

    def __str__(self) -> str:
        return f"{self.notice_id}/{self.channel}/{self.result}"


class Contact(models.Model):
    """A way to reach somebody that they gave by consent: an SMS number or a LINE account. Ended, never deleted.

    ``owner`` is ``account:12`` or, for a guest, ``case:R08-…``. A number counts from ``confirmed_at`` on.
    """

    id = models.UUIDField(primary_key=True)
    owner = models.CharField(max_length=40)
    channel = models.CharField("届け方", max_length=20)
    value = models.CharField("宛先", max_length=120)
    created_at = models.DateTimeField("登録日時")
    confirmed_at = models.DateTimeField("確認日時", null=True, blank=True)
    tries = models.PositiveSmallIntegerField("確認の試み", default=0)
    ended_at = models.DateTimeField("取消日時", null=True, blank=True)

    class Meta:
        verbose_name = "連絡先"
        verbose_name_plural = "連絡先"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "channel"], condition=models.Q(ended_at__isnull=True), name="notices_contact_once"
            )
        ]
        indexes = [models.Index(fields=["channel", "value"], name="notices_contact_value")]

    def __str__(self) -> str:
        return f"contact {self.pk}"


class Choice(models.Model):
    """By which ways somebody wants letters of a kind; an empty list means on my page only."""

    owner = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    channels = models.JSONField("届け方")
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = "届け方の選択"
        verbose_name_plural = "届け方の選択"
        constraints = [models.UniqueConstraint(fields=["owner", "kind"], name="notices_choice_once")]

    def __str__(self) -> str:
        return f"{self.owner}/{self.kind}"


class AddressFault(models.Model):
    """An address that cannot be used, and why; lifted when it works again or its holder says so."""

    class Reason(models.TextChoices):
        """Why nothing arrives."""

        REFUSED = "refused", "宛先が受け付けられませんでした"
        BOUNCED = "bounced", "届かずに戻りました"
        BLOCKED = "blocked", "LINE でブロックされました"
        UNDELIVERABLE = "undeliverable", "この番号には届きません"

    channel = models.CharField(max_length=20)
    value = models.CharField(max_length=254)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "届かない宛先"
        verbose_name_plural = "届かない宛先"
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "value"], condition=models.Q(lifted_at__isnull=True), name="notices_fault_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel}/{self.reason}"


class LinkNonce(models.Model):
    """A nonce by which LINE tells us which account a person consented to link; only its hash is kept, it works once."""

    nonce_hash = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "LINE 連携の合言葉"
        verbose_name_plural = "LINE 連携の合言葉"

    def __str__(self) -> str:
        return f"nonce {self.pk}"


class HeardEvent(models.Model):
    """An event LINE told us of, kept once by its id so that one sent again changes nothing."""

    event_id = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=30)
    user = models.CharField(max_length=60, blank=True, default="")
    reply_token = models.CharField(max_length=100, blank=True, default="")
    heard_at = models.DateTimeField()

    class Meta:
        verbose_name = "LINE からの知らせ"
        verbose_name_plural = "LINE からの知らせ"

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
