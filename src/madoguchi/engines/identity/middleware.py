"""Keeps staff who have not shown a second factor at the set-up page. Owns that rule only; views own their own rules."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

SESSION_KEY = "identity_second_factor"
_OPEN_PREFIXES = ("/staff/signin/", "/staff/account/", "/static/")


class StaffSecondFactorMiddleware:
    """Sends a signed-in member of staff without a second factor in this session to the set-up page.

    The session says that a factor was shown; the database is not asked again on each request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or answer with a redirect to the set-up page."""
        if self._must_set_up(request):
            if request.headers.get("HX-Request"):
                return HttpResponse(status=204, headers={"HX-Redirect": reverse("mfa_index")})
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)

    @staticmethod
    def _must_set_up(request: HttpRequest) -> bool:
        if request.path.startswith(_OPEN_PREFIXES) or "_auth_user_id" not in request.session:
            return False
        if request.session.get(SESSION_KEY):
            return False
        user = request.user
        return user.is_authenticated and getattr(user, "kind", "") == "staff"
