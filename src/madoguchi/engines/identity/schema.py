"""The shape of ``departments.yaml``, ``roles.yaml`` and ``staff.yaml`` of a ward folder. No Django."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Permission = Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[a-z_]+$")]
Login = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._\-]{1,59}$")]
Mail = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[a-z]+$")]
Source = Literal["seed", "sample"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DepartmentDefinition(_Strict):
    """A bureau 部, section 課 or office 事務所. ``source`` says whether the ward's own document names it."""

    id: Identifier
    name: str = Field(min_length=1, max_length=100)
    en: str = ""
    kind: Literal["bureau", "section", "office"]
    parent: Identifier | None = None
    parent_source: Source = "sample"
    phone: Annotated[str, StringConstraints(pattern=r"^0[0-9]{1,4}-[0-9]{1,4}-[0-9]{4}$")] | None = None
    email: Mail | None = None
    location: str = ""
    source: Source = "sample"


class DepartmentsFile(_Strict):
    """``departments.yaml``."""

    departments: list[DepartmentDefinition] = Field(min_length=1)


class RoleDefinition(_Strict):
    """A role: its permissions, those added during an elevation, and whether it covers the whole office."""

    id: Identifier
    title: str = Field(min_length=1, max_length=100)
    note: str = ""
    permissions: list[Permission] = []
    elevated_permissions: list[Permission] = []
    whole_office: bool = False

    @model_validator(mode="after")
    def _elevation_is_reachable(self) -> RoleDefinition:
        if self.elevated_permissions and "admin.elevate" not in self.permissions:
            raise ValueError("elevated_permissions を使うには permissions に admin.elevate が必要です")
        return self


class RolesFile(_Strict):
    """``roles.yaml``."""

    roles: list[RoleDefinition] = Field(min_length=1)


class PostDefinition(_Strict):
    """A post: role and department, from one day to another (both included)."""

    role: Identifier
    department: Identifier
    valid_from: dt.date
    valid_to: dt.date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> PostDefinition:
        if self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to が valid_from より前です")
        return self


class StaffDefinition(_Strict):
    """A member of staff. ``demo: true`` gets the published demo password, in a demo only."""

    login: Login
    name: str = Field(min_length=1, max_length=150)
    kana: str = ""
    email: Mail | None = None
    demo: bool = False
    posts: list[PostDefinition] = Field(min_length=1)


class StaffFile(_Strict):
    """``staff.yaml``. Optional: a ward whose staff come from its directory leaves the file out."""

    sample: bool = False
    staff: list[StaffDefinition] = []


class TrustAnchor(_Strict):
    """A certification authority whose signing certificates the ward accepts; ``certificate`` is its PEM."""

    id: Identifier
    title: str = Field(min_length=1, max_length=100)
    certificate: str = Field(min_length=1, max_length=20_000)
    valid_from: dt.date
    valid_to: dt.date | None = None
    status: Literal["verified", "unverified", "sample"]
    source: str


class TrustAnchorsFile(_Strict):
    """``trust_anchors.yaml``. Optional: a ward without it takes no signatures."""

    trust_anchors: list[TrustAnchor] = []
