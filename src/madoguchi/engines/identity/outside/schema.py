"""The shape of ``identity_providers.yaml``: who may vouch for a resident, a business or a member of staff. No Django."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from madoguchi.kernel.l10n import Text

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
EnvironmentName = Annotated[str, StringConstraints(pattern=r"^MADOGUCHI_[A-Z0-9_]{1,60}$")]
Issuer = Annotated[str, StringConstraints(pattern=r"^(https://[^\s?#]+|local:[a-z]+)$")]
Address = Annotated[str, StringConstraints(pattern=r"^https://[^\s#]+$")]
LevelNumber = Annotated[int, Field(ge=1, le=3)]
Audience = Literal["resident", "business", "staff"]
ClaimKey = Literal[
    "name", "family_name", "given_name", "kana", "family_kana", "given_kana", "birth_date", "postal_code", "address",
    "sex", "email", "phone", "corporate_number", "company", "role", "staff_id",
]  # fmt: skip
"""What the house understands of what a provider says; the right-hand side of the map is the provider's own word."""
LOCAL = "local:"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Level(_Strict):
    """What a value of ``acr`` is worth here: 身元確認 and 当人認証, 1 to 3."""

    acr: str = Field(min_length=1, max_length=200)
    identity: LevelNumber = 1
    authentication: LevelNumber = 1


class _Provider(_Strict):
    id: Identifier
    title: Text
    hint: Text | None = None
    audience: Audience
    status: Literal["verified", "unverified"] = "unverified"
    source: str = ""
    sample: bool = False

    @property
    def for_staff(self) -> bool:
        """Tell whether members of staff sign in here."""
        return self.audience == "staff"


class OidcProvider(_Provider):
    """An OpenID Connect provider (authorization code with PKCE). The secret itself is never in the folder.

    An ``acr`` that ``levels`` does not name counts as 1 and 1.
    """

    kind: Literal["oidc"] = "oidc"
    issuer: Issuer
    client_id: str = Field(min_length=1, max_length=255)
    client_secret_env: EnvironmentName | None = None
    token_auth: Literal["client_secret_basic", "client_secret_post", "none"] = "client_secret_basic"  # noqa: S105
    scopes: list[str] = ["openid"]
    acr_values: list[str] = []
    claims: dict[ClaimKey, str] = {}
    userinfo: bool = True
    levels: list[Level] = []
    second_factor_acr: list[str] = []

    @model_validator(mode="after")
    def _complete(self) -> OidcProvider:
        if "openid" not in self.scopes:
            raise ValueError("scopes に openid が必要です")
        if self.for_staff and "staff_id" not in self.claims:
            raise ValueError("職員の提供者には claims.staff_id（職員のログインIDを示す要求の名前）が必要です")
        if not self.for_staff and self.second_factor_acr:
            raise ValueError("second_factor_acr は職員（audience: staff）の提供者だけに書けます")
        if len({level.acr for level in self.levels}) < len(self.levels):
            raise ValueError("levels に同じ acr が二度あります")
        return self

    @property
    def is_local(self) -> bool:
        """Tell whether this is the provider of the demo."""
        return self.issuer.startswith(LOCAL)


class SamlProvider(_Provider):
    """A SAML 2.0 identity provider for staff. Its certificate comes from metadata or from the environment."""

    kind: Literal["saml"]
    audience: Literal["staff"] = "staff"
    entity_id: str = Field(min_length=1, max_length=255)
    sso_url: Address | None = None
    certificate_env: EnvironmentName | None = None
    metadata_url: Address | None = None
    staff_attribute: str = Field(min_length=1)
    second_factor_attribute: str = ""
    second_factor_values: list[str] = []

    @model_validator(mode="after")
    def _reachable(self) -> SamlProvider:
        if self.metadata_url is None and (self.sso_url is None or self.certificate_env is None):
            raise ValueError("metadata_url か、sso_url と certificate_env の両方が必要です")
        return self


class ProvidersFile(_Strict):
    """``identity_providers.yaml``. Optional: without it residents sign in by mailed link, staff by password.

    ``reauthenticate_after_minutes``: how old a sign-in may be when a procedure that asks for more than level 1 is handed in.
    """

    reauthenticate_after_minutes: int = Field(default=60, ge=5, le=720)
    providers: list[Annotated[OidcProvider | SamlProvider, Field(discriminator="kind")]] = []
