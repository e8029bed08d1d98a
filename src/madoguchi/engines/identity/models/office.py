"""The office: departments, roles and who holds which post from when to when.

Rows are written by the folder loader; posts also by administrators, and theirs the loader leaves alone.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Department(models.Model):
    """A bureau 部, section 課 or office 事務所; ``path`` holds the way from the top, ``/kumin_bu/kumin/``."""

    class Kind(models.TextChoices):
        """Size of the unit."""

        BUREAU = "bureau", "部"
        SECTION = "section", "課"
        OFFICE = "office", "事務所"

    id = models.CharField(max_length=60, primary_key=True)
    name = models.CharField("名称", max_length=100)
    name_en = models.CharField("英語名", max_length=150, blank=True, default="")
    kind = models.CharField("種別", max_length=10, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=300)
    phone = models.CharField("電話", max_length=20, blank=True, default="")
    email = models.EmailField("メール", blank=True, default="")
    location = models.CharField("場所", max_length=100, blank=True, default="")
    source = models.CharField("出典", max_length=10, default="sample")
    parent_source = models.CharField("所属部の出典", max_length=10, default="sample")
    sort = models.PositiveIntegerField(default=0)
    closed = models.BooleanField("廃止", default=False, help_text="フォルダーから無くなった組織")

    class Meta:
        verbose_name = "組織"
        verbose_name_plural = "組織"
        ordering = ["sort", "id"]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """A named set of permissions; ``elevated_permissions`` count only during an elevation with a reason."""

    id = models.CharField(max_length=60, primary_key=True)
    title = models.CharField("名称", max_length=100)
    permissions = models.JSONField("権限", default=list)
    elevated_permissions = models.JSONField("昇格中の権限", default=list)
    whole_office = models.BooleanField("全庁", default=False, help_text="全ての課を範囲とする")

    class Meta:
        verbose_name = "役割"
        verbose_name_plural = "役割"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class StaffPost(models.Model):
    """A member of staff holds a role in a department from ``valid_from`` to ``valid_to`` (both days included)."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="posts")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="posts")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="posts")
    valid_from = models.DateField("発令日")
    valid_to = models.DateField("終了日", null=True, blank=True)
    from_folder = models.BooleanField(default=False)  # written by the folder loader, which may replace it

    class Meta:
        verbose_name = "職"
        verbose_name_plural = "職"
        ordering = ["account_id", "valid_from", "id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "role", "department", "valid_from"], name="identity_post_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="identity_post_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}/{self.role_id}@{self.department_id}"
