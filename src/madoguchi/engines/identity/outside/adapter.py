"""django-allauth's social adapter in this house: providers are the ward's data, accounts are the house's own.

Owns the hand-over: allauth runs the protocol, and before it would look for an account of its own the sign-in goes to
``services.outside``. No row of allauth's tables is read or written.
"""

from __future__ import annotations

import os
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.http import HttpRequest, HttpResponseBase

from .schema import OidcProvider, SamlProvider
from .section import Provider, issuer_of, provider_of, secret_of

KINDS = {OidcProvider: "openid_connect", SamlProvider: "saml"}


class WardSocialAdapter(DefaultSocialAccountAdapter):
    """Makes allauth's applications from the folder and takes every finished sign-in over."""

    def list_apps(
        self, request: HttpRequest | None, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the application of the provider that is asked for; SAML ones are asked for by ``client_id``."""
        found = provider_of((client_id if provider == "saml" else provider) or "")
        return [app_of(found)] if found is not None and (provider != "saml" or found.kind == "saml") else []

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Refuse: accounts are made by ``services.outside`` only."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Hand the checked sign-in over and end allauth's own way here."""
        from ..views.outside import arrived

        raise ImmediateHttpResponse(arrived(request, sociallogin))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Show the house's own page, in the reader's language; what exactly was wrong goes to the log only."""
        from ..views.outside import went_wrong

        response: HttpResponseBase = went_wrong(
            request, provider.app.provider_id, cancelled=str(error) == "cancelled", exception=exception,
            state=(extra_context or {}).get("state") or {},
        )  # fmt: skip
        raise ImmediateHttpResponse(response)


def app_of(provider: Provider) -> SocialApp:
    """Return a provider as allauth reads it (a row that is never saved)."""
    settings = _oidc(provider) if isinstance(provider, OidcProvider) else _saml(provider)
    is_oidc = isinstance(provider, OidcProvider)
    return SocialApp(
        provider=KINDS[type(provider)],
        provider_id=provider.id,
        name=provider.title.get("ja"),
        client_id=provider.client_id if is_oidc else provider.id,  # type: ignore[union-attr]
        secret=secret_of(provider) if is_oidc else "",  # type: ignore[arg-type]
        settings=settings,
    )


def _oidc(provider: OidcProvider) -> dict[str, Any]:
    return {
        "server_url": issuer_of(provider),
        "issuer": issuer_of(provider),
        "fetch_userinfo": provider.userinfo,
        "oauth_pkce_enabled": True,
        "token_auth_method": provider.token_auth,
        "scope": list(provider.scopes),
    }


def _saml(provider: SamlProvider) -> dict[str, Any]:
    idp: dict[str, str] = {"entity_id": provider.entity_id}
    if provider.metadata_url:
        idp["metadata_url"] = provider.metadata_url
    else:
        idp |= {
            "sso_url": provider.sso_url or "",
            "x509cert": os.environ.get(provider.certificate_env or "", ""),
        }
    return {
        "idp": idp,
        "attribute_mapping": {"uid": [provider.staff_attribute]},
        "advanced": {
            "strict": True,
            "want_assertion_signed": True,
            "reject_deprecated_algorithm": True,
            "reject_idp_initiated_sso": True,
            "allow_single_label_domains": True,
        },
    }
