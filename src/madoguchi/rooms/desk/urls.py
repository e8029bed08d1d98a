"""Addresses of the desk, under ``/desk/``."""

from __future__ import annotations

from django.urls import path

from .views import actions, cases, correction, documents, inbox, messages, paper, queue

app_name = "desk"
urlpatterns = [
    path("", queue.show_queue, name="queue"),
    path("bulk/", queue.act_on_many, name="bulk"),
    path("search/", queue.search, name="search"),
    path("notices/", inbox.show_inbox, name="inbox"),
    path("notices/<uuid:notice_id>/", inbox.show_notice, name="notice"),
    path("workflows/", cases.show_workflows, name="workflows"),
    path("cases/<str:number>/", cases.show_case, name="case"),
    path("cases/<str:number>/sheet.pdf", paper.print_sheet, name="sheet"),
    path("deliveries/", documents.show_deliveries, name="deliveries"),
    path("deliveries/<int:pk>/", documents.finish_delivery, name="delivery"),
    path("cases/<str:number>/documents/new/<slug:template_id>/", documents.issue, name="document_new"),
    path("cases/<str:number>/documents/<uuid:document_id>/", documents.download, name="document"),
    path("cases/<str:number>/documents/<uuid:document_id>/revoke/", documents.revoke, name="document_revoke"),
    path("cases/<str:number>/files/<str:file_id>/", cases.download_file, name="file"),
    path("cases/<str:number>/files/<str:file_id>/preview/", cases.preview_file, name="file_preview"),
    path("cases/<str:number>/corrections/<int:pk>/", cases.show_correction, name="correction_diff"),
    path("cases/<str:number>/step/<str:step_id>/", actions.take_step, name="step"),
    path("cases/<str:number>/assign/", actions.assign_case, name="assign"),
    path("cases/<str:number>/transfer/", actions.transfer_case, name="transfer"),
    path("cases/<str:number>/originals/<int:pk>/", actions.mark_paper, name="original"),
    path("cases/<str:number>/note/", actions.write_note, name="note"),
    path("cases/<str:number>/messages/", messages.write_message, name="message"),
    path("cases/<str:number>/messages/settle/", messages.settle, name="settle"),
    path("cases/<str:number>/correction/", correction.ask_correction, name="correction"),
]
