"""Delegations (代理): who may act for whom. What happened to one are events; where it stands is derived from them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Delegation(models.Model):
    """The parties and the terms. The principal has an account, or is described (a child, a person under guardianship).

    ``delegate`` is empty until somebody accepts the invitation, whose code is kept as a keyed hash only.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField("種類", max_length=60)
    principal = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="delegations_given"
    )
    principal_name = models.CharField("本人の氏名", max_length=200)
    principal_kana = models.CharField("本人の氏名（かな）", max_length=200, blank=True, default="")
    born_on = models.DateField("本人の生年月日", null=True, blank=True)
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="delegations_held"
    )
    delegate_name = models.CharField("代理人の氏名", max_length=200, blank=True, default="")
    number = models.CharField("登録番号", max_length=40, blank=True, default="")
    facility = models.CharField("施設の名前", max_length=200, blank=True, default="")
    scope = models.CharField("範囲", max_length=10)
    scope_values = models.JSONField("範囲の手続・分野", default=list)
    valid_from = models.DateField("始まる日")
    valid_to = models.DateField("終わる日", null=True, blank=True)
    code_hash = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "代理"
        verbose_name_plural = "代理"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["code_hash"], condition=~Q(code_hash=""), name="identity_delegation_code"),
            models.CheckConstraint(
                condition=Q(principal__isnull=True) | Q(delegate__isnull=True) | ~Q(principal=models.F("delegate")),
                name="identity_delegation_two_people",
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def ref(self) -> str:
        """Return the reference that records keep."""
        return f"delegation:{self.pk}"

    @property
    def principal_ref(self) -> str:
        """Return the principal's account as records keep it, '' for a person without one."""
        return f"resident:{self.principal_id}" if self.principal_id else ""


class DelegationEvent(models.Model):
    """One thing that happened to a delegation; append-only (database trigger). ``papers`` staff saw, by their titles."""

    delegation = models.ForeignKey(Delegation, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    actor_ref = models.CharField(max_length=80)
    reason = models.CharField(max_length=500, blank=True, default="")
    papers = models.JSONField(default=list)

    class Meta:
        verbose_name = "代理の出来事"
        verbose_name_plural = "代理の出来事"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.delegation_id} {self.kind}"
