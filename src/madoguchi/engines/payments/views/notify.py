"""Where providers report. Signed by the provider, stored once, answered at once."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from madoguchi.kernel import clock
from madoguchi.kernel.access import public
from madoguchi.kernel.errors import NotFound

from ..providers.base import BadSignature, ProviderUnreachable
from ..services import hear_notification

LARGEST = 1_000_000
log = structlog.get_logger(__name__)


@csrf_exempt
@public(reason="決済事業者からの通知。署名を確かめる")
@require_POST
def notify(request: HttpRequest, provider: str) -> HttpResponse:
    """Take a notification: 200 when it is kept (also the second time), 400 when it is not the provider's, 404 unknown.

    503 asks the provider to send it again: it had to be asked back and did not answer.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return JsonResponse({"error": "too large"}, status=413)
    try:
        outcomes = hear_notification(provider, headers=request.headers, body=request.body, at=clock.now())
    except NotFound:
        return JsonResponse({"error": "unknown provider"}, status=404)
    except (BadSignature, ValueError, KeyError, TypeError) as error:
        log.warning("payments.notification_refused", provider=provider, error=type(error).__name__)
        return JsonResponse({"error": "refused"}, status=400)
    except ProviderUnreachable:
        return JsonResponse({"error": "try again"}, status=503)
    return JsonResponse({"outcomes": outcomes})
