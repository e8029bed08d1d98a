"""Sign-in at a provider and back: leaving, arriving, what went wrong; the methods linked to a resident's account.

Leaving is a plain link (GET): a form post that ends at another host is stopped by the page's own ``form-action``. It is
harmless, for the person always comes back as who they are at the provider; linking to an account, which is not, needs a
key that only the account's own pages hand out.
"""

from __future__ import annotations

import secrets
from typing import Any

import structlog
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from madoguchi.kernel import clock
from madoguchi.kernel.access import Proof, actor_of, public, resident_required
from madoguchi.kernel.errors import DomainError
from madoguchi.kernel.ui.failures import words_of

from ..adapters import StaffAccountAdapter
from ..backends import RESIDENT_BACKEND
from ..current import PROOF_KEY, remember_proof
from ..middleware import SESSION_KEY
from ..models import Account
from ..outside.claims import authenticated_at, levels_of, read_claims
from ..outside.keys import link_key, link_key_fits
from ..outside.oidc import WardOidcAdapter, nonce_holds
from ..outside.schema import OidcProvider, SamlProvider
from ..outside.section import Provider, issuer_of, provider_of, providers_for
from ..selectors import methods_of
from ..services.outside import Vouched, link_method, sign_in_resident, staff_of, unlink_method
from .resident import safe_next

log = structlog.get_logger(__name__)


@public(reason="提供者へ進むサインインの入口")
@never_cache
@require_safe
def begin(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Lead to the provider. ``fresh``: it shall ask the person again; ``link``: the key for linking to this account."""
    provider = provider_of(provider_id)
    if provider is None:
        raise Http404
    linking = _may_link(request)
    if not linking and actor_of(request).kind == "staff" and not provider.for_staff:
        return redirect("identity:staff_home")
    social = get_adapter(request).get_provider(request, provider.id)
    nonce = secrets.token_urlsafe(24)
    params: dict[str, str] = {}
    if isinstance(provider, OidcProvider):
        social.oauth2_adapter_class = WardOidcAdapter
        params = {"nonce": nonce, "ui_locales": "ja", **_demands(provider, fresh="fresh" in request.GET)}
    try:
        answer: HttpResponseBase = social.redirect(
            request, "login", next_url=safe_next(request) or None, auth_params=params, nonce=nonce, link=linking
        )
    except (RequestException, OAuth2Error, ValueError, KeyError) as error:
        return went_wrong(request, provider.id, exception=error, state={"next": safe_next(request)})
    return answer


def _demands(provider: OidcProvider, *, fresh: bool) -> dict[str, str]:
    wanted = {"acr_values": " ".join(provider.acr_values)} if provider.acr_values else {}
    return wanted | ({"prompt": "login", "max_age": "0"} if fresh else {})


def _may_link(request: HttpRequest) -> bool:
    actor = actor_of(request)
    return actor.kind == "resident" and link_key_fits(request.GET.get("link", ""), actor)


@public(reason="提供者から戻る入口。state・PKCE・署名で確かめる")
@never_cache
@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take the answer of an OpenID Connect provider; ``arrived`` goes on when everything holds."""
    try:
        view = OAuth2CallbackView.adapter_view(WardOidcAdapter(request, provider_id))
        answer: HttpResponseBase = view(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except (KeyError, ValueError) as error:
        return went_wrong(request, provider_id, exception=error)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def arrived(request: HttpRequest, sociallogin: Any) -> HttpResponseBase:
    """Sign the person in whom a provider vouched for; called by the social adapter once the protocol is through."""
    provider, state = provider_of(sociallogin.account.provider), sociallogin.state
    if provider is None:
        raise Http404
    said: dict[str, Any] = sociallogin.account.extra_data
    if isinstance(provider, SamlProvider):
        return _staff(request, provider, sociallogin.account.uid, _saml_factor(provider, said), state)
    token = said["id_token"]
    if not nonce_holds(state, token):
        return went_wrong(request, provider.id, exception=OAuth2Error("nonce"), state=state)
    told = {**token, **said.get("userinfo", {}), "sub": token["sub"]}
    if provider.for_staff:
        login_name = read_claims(provider, told).get("staff_id", "")
        return _staff(request, provider, login_name, token.get("acr") in provider.second_factor_acr, state)
    identity, authentication = levels_of(provider, token.get("acr"))
    vouched = Vouched(
        provider.id, issuer_of(provider), str(token["sub"])[:255], identity, authentication,
        authenticated_at(token, at=clock.now()), read_claims(provider, told),
    )  # fmt: skip
    return _resident(request, vouched, state)


def _resident(request: HttpRequest, vouched: Vouched, state: dict[str, Any]) -> HttpResponseBase:
    at, user = clock.now(), request.user
    try:
        if state.get("link") and isinstance(user, Account) and user.kind == Account.Kind.RESIDENT:
            method = link_method(user, vouched, at=at)
        else:
            method = sign_in_resident(vouched, at=at)
    except DomainError as error:
        return _refused(request, error, state)
    if request.user.is_authenticated and request.user.pk == method.account_id:
        request.session.cycle_key()
    else:
        if request.user.is_authenticated:
            logout(request)
        login(request, method.account, backend=RESIDENT_BACKEND)
    proof = Proof(vouched.provider_id, vouched.identity, vouched.authentication, vouched.authenticated_at, method.pk)
    remember_proof(request, proof)
    return redirect(state.get("next") or resolve_url("/mypage/"))


def _staff(
    request: HttpRequest, provider: Provider, login_name: str, second_factor: bool, state: dict[str, Any]
) -> HttpResponseBase:
    """Sign a member of staff in; the own second factor is asked for unless the provider says it has done so."""
    try:
        account = staff_of(login_name)
    except DomainError as error:
        log.warning("identity.staff_unmatched", provider=provider.id)
        return _refused(request, error, state, staff=True)
    if request.user.is_authenticated:
        logout(request)
    goal = state.get("next") or reverse("identity:staff_home")
    record_authentication(request, account, "socialaccount", provider=provider.id)
    if not second_factor:
        answer: HttpResponseBase = perform_login(request, account, email_verification="none", redirect_url=goal)
        return answer
    StaffAccountAdapter(request).login(request, account)
    request.session[SESSION_KEY] = True
    return redirect(goal)


def _saml_factor(provider: SamlProvider, attributes: dict[str, Any]) -> bool:
    values = attributes.get(provider.second_factor_attribute, []) if provider.second_factor_attribute else []
    return bool(set(values) & set(provider.second_factor_values))


def went_wrong(
    request: HttpRequest,
    provider_id: str,
    *,
    cancelled: bool = False,
    exception: Exception | None = None,
    state: dict[str, Any] | None = None,
) -> HttpResponse:
    """Say that the sign-in did not come about, with the ways on; the log keeps the kind of fault, no personal data."""
    provider = provider_of(provider_id)
    if not cancelled:
        log.warning("identity.outside_failed", provider=provider_id, fault=type(exception).__name__)
    kept = state or {}
    context = {
        "provider": provider,
        "cancelled": cancelled,
        "next": kept.get("next", ""),
        "link": link_key(actor_of(request)) if kept.get("link") and actor_of(request).kind == "resident" else "",
        "signin_url": reverse("account_login" if provider and provider.for_staff else "identity:signin"),
    }
    return render(request, "identity/outside_failed.html", context, status=403)


def _refused(
    request: HttpRequest, error: DomainError, state: dict[str, Any], *, staff: bool = False
) -> HttpResponseBase:
    context = {
        "fault": words_of(error, request.lang),  # type: ignore[attr-defined]
        "next": state.get("next", ""),
        "signin_url": reverse("account_login" if staff else "identity:signin"),
    }
    return render(request, "identity/outside_refused.html", context, status=error.http_status)


@resident_required
@never_cache
@require_POST
def unlink(request: HttpRequest, method_id: int) -> HttpResponse:
    """Take a method away from the own account; a proof made with it is worth nothing from then on."""
    actor = actor_of(request)
    assert isinstance(request.user, Account)
    try:
        unlink_method(request.user, method_id, actor=actor, at=clock.now())
    except DomainError as error:
        return methods(request, fault=str(words_of(error, request.lang)))  # type: ignore[attr-defined]
    if actor.proof is not None and actor.proof.method == method_id:
        request.session.pop(PROOF_KEY, None)
    return redirect("identity:methods")


@resident_required
@never_cache
def methods(request: HttpRequest, *, fault: str = "") -> HttpResponse:
    """Show the methods linked to the own account, and those that can be linked."""
    actor = actor_of(request)
    linked = methods_of(int(actor.id))
    known = {method.provider_id: provider_of(method.provider_id) for method in linked}
    rows = [{"method": item, "provider": known[item.provider_id]} for item in linked]
    assert isinstance(request.user, Account)
    context = {
        "rows": rows,
        "offers": [item for item in providers_for("resident", "business") if item.id not in known],
        "key": link_key(actor),
        "email": request.user.email,
        "fault": fault,
        "errors": [{"target": "methods", "message": fault}] if fault else [],
    }
    return render(request, "identity/methods.html", context, status=409 if fault else 200)
