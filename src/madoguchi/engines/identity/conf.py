"""What the identity engine needs from the Django settings. Read by ``config/settings.py``; imports no Django model.

``INSTALLED_APPS``, ``MIDDLEWARE`` (after ``SessionMiddleware``, ``CsrfViewMiddleware`` and ``MessageMiddleware``, in
this order), ``CONTEXT_PROCESSORS`` and ``SETTINGS`` (names and values to take over as they are).
OpenID Connect and SAML providers are data of the ward folder (``outside.section``), not settings.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "madoguchi.engines.identity",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "axes",
]

MIDDLEWARE = [
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "madoguchi.engines.identity.middleware.StaffSecondFactorMiddleware",
    "axes.middleware.AxesMiddleware",
]

CONTEXT_PROCESSORS = ["madoguchi.engines.identity.context.identity"]

_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

_VALIDATORS = "django.contrib.auth.password_validation."

SETTINGS: dict[str, Any] = {
    "AUTH_USER_MODEL": "identity.Account",
    "AUTHENTICATION_BACKENDS": [
        "axes.backends.AxesStandaloneBackend",
        "madoguchi.engines.identity.backends.StaffPasswordBackend",
        "madoguchi.engines.identity.backends.ResidentLinkBackend",
    ],
    "PASSWORD_HASHERS": _HASHERS,
    "AUTH_PASSWORD_VALIDATORS": [
        {
            "NAME": f"{_VALIDATORS}UserAttributeSimilarityValidator",
            "OPTIONS": {"user_attributes": ["login", "name"]},
        },
        {"NAME": f"{_VALIDATORS}MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
        {"NAME": f"{_VALIDATORS}CommonPasswordValidator"},
    ],
    "LOGIN_URL": "/signin/",
    "STAFF_LOGIN_URL": "/staff/signin/",
    "LOGIN_REDIRECT_URL": "/staff/",
    "RESIDENT_HOME_URL": "/mypage/",
    "LOGOUT_REDIRECT_URL": "/",
    "TRUSTED_PROXY_COUNT": 1 if "MADOGUCHI_BEHIND_PROXY" in os.environ else 0,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "CSRF_COOKIE_SAMESITE": "Lax",
    "ACCOUNT_ADAPTER": "madoguchi.engines.identity.adapters.StaffAccountAdapter",
    "ACCOUNT_LOGIN_METHODS": {"username"},
    "ACCOUNT_USER_MODEL_USERNAME_FIELD": "login",
    "ACCOUNT_USER_MODEL_EMAIL_FIELD": "email",
    "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*", "password2*"],
    "ACCOUNT_PRESERVE_USERNAME_CASING": False,
    "ACCOUNT_USERNAME_MIN_LENGTH": 2,
    "ACCOUNT_EMAIL_VERIFICATION": "none",
    "ACCOUNT_EMAIL_NOTIFICATIONS": False,
    "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
    "ACCOUNT_SESSION_REMEMBER": True,
    "ACCOUNT_SESSION_COOKIE_AGE": 8 * 60 * 60,
    "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": False,
    "ACCOUNT_REAUTHENTICATION_TIMEOUT": 600,
    "ACCOUNT_RATE_LIMITS": {"login_failed": "30/m/ip,10/300s/key", "login": "60/m/ip"},
    "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https",
    "MFA_ADAPTER": "madoguchi.engines.identity.adapters.StaffMFAAdapter",
    "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
    "MFA_PASSKEY_LOGIN_ENABLED": True,
    "MFA_PASSKEY_SIGNUP_ENABLED": False,
    "MFA_ALLOW_UNVERIFIED_EMAIL": True,
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": os.environ.get("MADOGUCHI_ENV") in {None, "demo", "test"},
    "MFA_RECOVERY_CODES_SHOW_ONCE": True,
    "MFA_TOTP_TOLERANCE": 1,
    "AXES_FAILURE_LIMIT": 5,
    "AXES_COOLOFF_TIME": timedelta(minutes=15),
    "AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT": False,
    "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
    "AXES_RESET_ON_SUCCESS": True,
    "AXES_USERNAME_CALLABLE": "madoguchi.engines.identity.origin.tried_login",
    "AXES_ENABLE_ADMIN": False,
    "AXES_DISABLE_ACCESS_LOG": True,
    "AXES_VERBOSE": False,
    "AXES_CLIENT_IP_CALLABLE": "madoguchi.kernel.origin.client_ip",
    "AXES_LOCKOUT_CALLABLE": "madoguchi.engines.identity.views.staff.locked_out",
    "SOCIALACCOUNT_ADAPTER": "madoguchi.engines.identity.outside.adapter.WardSocialAdapter",
    "SOCIALACCOUNT_PROVIDERS": {},
    "SOCIALACCOUNT_STORE_TOKENS": False,
    "SOCIALACCOUNT_EMAIL_AUTHENTICATION": False,
    "SOCIALACCOUNT_REQUESTS_TIMEOUT": 8,
    "SOCIALACCOUNT_UID_MAX_LENGTH": 191,
}
