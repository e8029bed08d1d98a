"""The portal's addresses. No address carries anything about a person: drafts are random ids, cases receipt numbers."""

from django.urls import path

from madoguchi.rooms.portal.views import accessibility, apply, browse, correct, internal, mypage, papers, pay, sign, status

app_name = "portal"

urlpatterns = [
    path("", browse.home, name="home"),
    path("search/", browse.search, name="search"),
    path("procedures/", browse.all_procedures, name="procedures"),
    path("procedures/<slug:procedure_id>/", browse.procedure, name="procedure"),
    path("life/", browse.life_list, name="life_list"),
    path("life/<slug:event_id>/", browse.life, name="life"),
    path("departments/", browse.department_list, name="departments"),
    path("departments/<slug:department_id>/", browse.department, name="department"),
    path("services/", browse.service_list, name="services"),
    path("news/", browse.news_list, name="news_list"),
    path("news/<slug:slug>/", browse.news, name="news"),
    path("pages/about/", browse.page, {"slug": "about"}, name="page_about"),
    path("pages/help/", browse.page, {"slug": "help"}, name="page_help"),
    path("pages/accessibility/", accessibility.show, name="page_accessibility"),
    path("pages/privacy/", browse.page, {"slug": "privacy"}, name="page_privacy"),
    path("pages/<slug:slug>/", browse.page, name="page"),
    path("apply/resume/", apply.resume, name="resume"),
    path("apply/start/<slug:procedure_id>/", apply.start, name="start"),
    path("apply/<uuid:draft_id>/", apply.entry, name="entry"),
    path("apply/<uuid:draft_id>/step/<slug:step_id>/", apply.step, name="step"),
    path("apply/<uuid:draft_id>/step/<slug:step_id>/autosave/", apply.autosave, name="autosave"),
    path("apply/<uuid:draft_id>/summary/", apply.summary, name="summary"),
    path("apply/<uuid:draft_id>/sign/", sign.sign, name="sign"),
    path("apply/<uuid:draft_id>/sign/to-sign.json", sign.to_sign, name="to_sign"),
    path("apply/<uuid:draft_id>/saved/", apply.saved, name="saved"),
    path("apply/<uuid:draft_id>/done/", apply.done, name="done"),
    path("apply/<uuid:draft_id>/receipt.pdf", apply.receipt_pdf, name="receipt_pdf"),
    path("pay/trustees/", pay.trustees, name="trustees"),
    path("status/", status.find, name="find_status"),
    path("status/forget/", status.forget, name="forget"),
    path("status/<str:number>/", status.show, name="status"),
    path("status/<str:number>/sheet.pdf", papers.sheet, name="sheet"),
    path("status/<str:number>/withdraw/", status.withdraw_case, name="withdraw"),
    path("status/<str:number>/step/<slug:step_id>/", status.own_step, name="own_step"),
    path("status/<str:number>/pay/", pay.choose, name="pay"),
    path("status/<str:number>/pay/slip/<uuid:payment_id>.pdf", pay.slip, name="pay_slip"),
    path("status/<str:number>/pay/back/", pay.back, name="pay_back"),
    path("status/<str:number>/correct/", correct.correct, name="correct"),
    path("staff/procedures/", internal.show, name="internal"),
    path("staff/procedures/<slug:procedure_id>/start/", internal.start, name="internal_start"),
    path("mypage/", mypage.home, name="mypage"),
    path("mypage/messages/<uuid:notice_id>/", mypage.message, name="message"),
]
