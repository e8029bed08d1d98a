"""The addresses of this engine: the staff's pages and the resident's own."""

from django.urls import path

from .views import mine, staff

app_name = "records"
urlpatterns = [
    path("records/", staff.plan, name="plan"),
    path("records/log/", staff.show_log, name="log"),
    path("records/holds/", staff.holds, name="holds"),
    path("records/holds/<int:pk>/lift/", staff.lift, name="lift"),
    path("records/requests/", staff.requests, name="requests"),
    path("records/requests/<uuid:request_id>/", staff.show_request, name="request"),
    path("records/requests/<uuid:request_id>/export/", staff.ask_export, name="staff_export"),
    path("records/exports/<uuid:export_id>.zip", staff.export_file, name="staff_export_file"),
    path("mypage/data/", mine.show, name="mine"),
    path("mypage/data/export/", mine.ask_export, name="ask_export"),
    path("mypage/data/exports/<uuid:export_id>.zip", mine.export_file, name="export_file"),
    path("mypage/data/erase/", mine.ask_erasure, name="ask_erasure"),
]
