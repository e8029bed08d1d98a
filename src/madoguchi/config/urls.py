"""The house's addresses: each room and the identity engine bring their own."""

from django.urls import include, path

from madoguchi.kernel.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("desk/", include("madoguchi.rooms.desk.urls")),
    path("staff/studio/", include("madoguchi.rooms.studio.urls")),
    path("", include("madoguchi.engines.payments.urls")),
    path("", include("madoguchi.engines.issuing.urls")),
    path("", include("madoguchi.engines.notices.urls")),
    path("", include("madoguchi.engines.records.urls")),
    path("", include("madoguchi.rooms.indicators.urls")),
    path("", include("madoguchi.rooms.catalogue.urls")),
    path("", include("madoguchi.rooms.portal.urls")),
    path("", include("madoguchi.engines.identity.urls")),
]

handler400 = "madoguchi.kernel.ui.failures.bad_request"
handler500 = "madoguchi.kernel.ui.failures.server_error"
