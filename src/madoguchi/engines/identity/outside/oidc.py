"""OpenID Connect as the house wants it: every ID token's signature, issuer, audience, time and nonce are checked.

Built on django-allauth's provider (discovery, state, PKCE, exchange of the code). allauth trusts the line to the token
endpoint and leaves the signature unread (OpenID Connect Core 3.1.3.7, point 6, allows it); here it is always read, and
issuer of the discovery document, subject of the user information and nonce are compared as well.
"""

from __future__ import annotations

import hmac
import json
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.urls import reverse

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures by a public key only: ``none`` and shared secrets are refused."""
LEEWAY_SECONDS = 30


class WardOidcAdapter(OpenIDConnectOAuth2Adapter):
    """The adapter both views use: the login redirect and the callback."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return the discovery document. Raises OAuth2Error when it speaks for another issuer (Discovery 4.3)."""
        config: dict[str, Any] = super().openid_config
        expected = self.get_provider().app.settings["issuer"]
        if config.get("issuer") != expected:
            raise OAuth2Error("issuer mismatch")
        return config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Return the address to come back to, by the scheme and host at which the person came."""
        return request.build_absolute_uri(reverse("openid_connect_callback", args=[self.provider_id]))

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> Any:
        """Return the sign-in made from a checked ID token, and the user information of the same subject."""
        claims = self._decode_id_token(app, kwargs["response"].get("id_token") or "")
        data: dict[str, Any] = {"id_token": claims}
        if app.settings.get("fetch_userinfo") and self.openid_config.get("userinfo_endpoint"):
            about = self._fetch_user_info(token.token)
            if about.get("sub") != claims["sub"]:
                raise OAuth2Error("userinfo speaks of another subject")
            data["userinfo"] = about
        return self.get_provider().sociallogin_from_response(request, data)

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._key_of(id_token),
                algorithms=list(ALGORITHMS),
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "sub", "aud"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
            raise OAuth2Error(f"id_token: {type(error).__name__}") from error
        parties = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if (len(parties) > 1 or "azp" in claims) and claims.get("azp") != app.client_id:
            raise OAuth2Error("id_token: azp")
        return claims

    def _key_of(self, id_token: str) -> Any:
        """Return the provider's public key that a token names by its ``kid``."""
        header = jwt.get_unverified_header(id_token)
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = answer.json()["keys"]
        named = [key for key in keys if key.get("kid") == header.get("kid") and key.get("use", "sig") == "sig"]
        if len(named) != 1 or header.get("alg") not in ALGORITHMS:
            raise KeyError("kid")
        return jwt.PyJWK(json.loads(json.dumps(named[0])), algorithm=header["alg"]).key


def nonce_holds(state: dict[str, Any], claims: dict[str, Any]) -> bool:
    """Tell whether an ID token answers the request this browser made (OpenID Connect Core 3.1.3.7, point 11)."""
    asked, given = str(state.get("nonce") or ""), str(claims.get("nonce") or "")
    return bool(asked) and hmac.compare_digest(asked.encode(), given.encode())
