"""Addresses of the engine. Every view of allauth that is let in stands here with its access rule;
no other is reachable.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount.providers.saml import views as saml
from django.urls import include, path

from madoguchi.kernel.access import public, staff_required

from .views import outside, people, profile, resident, roster, staff, staffing

_signing_in = public(reason="サインインの途中。allauth が段階を確かめる")
_staff = staff_required("")

_own = [
    path("signin/", resident.signin, name="signin"),
    path("signin/sent/", resident.sent, name="sent"),
    path("signin/link/<slug:token>/", resident.link, name="link"),
    path("signin/with/<slug:provider_id>/", outside.begin, name="begin"),
    path("signout/", resident.signout, name="signout"),
    path("mypage/signin/", outside.methods, name="methods"),
    path("mypage/signin/<int:method_id>/unlink/", outside.unlink, name="unlink"),
    path("mypage/profile/", profile.edit, name="profile"),
    path("staff/", staff.home, name="staff_home"),
    path("staff/account/welcome/<int:account_id>/<slug:token>/", staff.welcome, name="welcome"),
    path("staff/people/", people.index, name="people"),
    path("staff/people/<str:login>/", people.person, name="person"),
    path("staff/invite/", staffing.invite, name="invite"),
    path("staff/people/<str:login>/posts/new/", staffing.post_new, name="post_new"),
    path("staff/people/<str:login>/posts/<int:post_id>/end/", staffing.post_end, name="post_end"),
    path("staff/people/<str:login>/factors/", staffing.factors, name="person_factors"),
    path("staff/people/<str:login>/switch/", people.switch, name="person_switch"),
    path("staff/people/<str:login>/invitation/", people.invitation, name="person_invitation"),
    path("staff/roster/", roster.roster, name="roster"),
    path("staff/roster/template.csv", roster.template, name="roster_template"),
    path("staff/roster/<uuid:import_id>/", roster.roster_import, name="roster_import"),
    path("staff/roster/<uuid:import_id>/rows/", roster.correct, name="roster_correct"),
    path("staff/roster/<uuid:import_id>/wrong.csv", roster.wrong_rows, name="roster_wrong"),
    path("staff/roster/<uuid:import_id>/apply/", roster.apply, name="roster_apply"),
    path("staff/roster/<uuid:import_id>/discard/", roster.discard, name="roster_discard"),
    path("staff/elevation/", staff.elevation, name="elevation"),
    path("staff/elevation/end/", staff.end, name="elevation_end"),
]

urlpatterns = [
    path("", include((_own, "identity"))),
    path("signin/with/<slug:provider_id>/back/", outside.callback, name="openid_connect_callback"),
    path("staff/signin/saml/<slug:organization_slug>/acs/", _signing_in(saml.acs), name="saml_acs"),
    path("staff/signin/saml/<slug:organization_slug>/finish/", _signing_in(saml.finish_acs), name="saml_finish_acs"),
    path("staff/signin/saml/<slug:organization_slug>/out/", _signing_in(saml.sls), name="saml_sls"),
    path("staff/signin/saml/<slug:organization_slug>/metadata/", _signing_in(saml.metadata), name="saml_metadata"),
    path("staff/signin/", staff.signin, name="account_login"),
    path("staff/signin/out/", resident.signout, name="account_logout"),
    path("staff/signin/inactive/", _signing_in(account.account_inactive), name="account_inactive"),
    path("staff/signin/second/", _signing_in(mfa.authenticate), name="mfa_authenticate"),
    path("staff/signin/passkey/", _signing_in(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("staff/account/", _staff(mfa.index), name="mfa_index"),
    path("staff/account/password/", _staff(account.password_change), name="account_change_password"),
    path("staff/account/confirm/password/", _staff(account.reauthenticate), name="account_reauthenticate"),
    path("staff/account/confirm/code/", _staff(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "staff/account/confirm/passkey/", _staff(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"
    ),
    path("staff/account/app/add/", _staff(totp.activate_totp), name="mfa_activate_totp"),
    path("staff/account/app/remove/", _staff(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("staff/account/passkeys/", _staff(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("staff/account/passkeys/add/", _staff(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("staff/account/passkeys/<int:pk>/", _staff(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("staff/account/passkeys/<int:pk>/remove/", _staff(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("staff/account/codes/", _staff(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("staff/account/codes/new/", _staff(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("staff/account/codes/file/", _staff(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
]
