"""Django settings. Everything a host sets comes from ``MADOGUCHI_*`` variables and ``DATABASE_URL``; docs/reference/settings.md lists them.

Owns the list of apps and middleware. Imports no model; nobody but Django imports it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from madoguchi.config.database import django_database, var_dir
from madoguchi.config.files import file_storage
from madoguchi.config.secrets import local_secret
from madoguchi.engines.identity import conf as identity
from madoguchi.kernel import conf as kernel

ENV = os.environ.get("MADOGUCHI_ENV", "demo")
"""``demo`` (make run), ``test`` or ``production``."""
if ENV not in {"demo", "test", "production"}:
    raise ValueError("MADOGUCHI_ENV は demo・test・production のどれかにしてください。")

PACKAGE = Path(__file__).resolve().parent.parent
PROJECT = PACKAGE.parent.parent
VAR = var_dir()
DEMO = ENV == "demo"
DEBUG = False
SECRET_KEY = os.environ.get("MADOGUCHI_SECRET_KEY") or local_secret("secret_key", allow=ENV != "production")
SEALING_KEY = os.environ.get("MADOGUCHI_SEALING_KEY") or local_secret("sealing_key", allow=ENV != "production")
ALLOWED_HOSTS = os.environ.get("MADOGUCHI_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("MADOGUCHI_ORIGINS", "").split(",") if origin]
MUNICIPALITY_FOLDER = Path(os.environ.get("MADOGUCHI_MUNICIPALITY", PROJECT / "municipalities" / "suginami"))
BASE_URL = os.environ.get("MADOGUCHI_BASE_URL", "http://127.0.0.1:8000")
PAYMENTS_LOCAL_SECRET = local_secret("payments_local", allow=True) if ENV != "production" else ""
"""Signs the notifications of the local provider, which production does not have."""
LOCAL_OIDC_URL = os.environ.get("MADOGUCHI_LOCAL_OIDC", "").rstrip("/") if ENV != "production" else ""
"""Where the demo's OpenID Connect provider listens ('' = not started); production has none."""
LOCAL_OIDC_SECRET = local_secret("oidc_local", allow=True) if ENV != "production" else ""
PAYMENTS_LIVE = os.environ.get("MADOGUCHI_PAYMENTS_LIVE", "1" if ENV == "production" else "") == "1"
"""Whether real money moves: keys of the other kind are not used, so that no trial charges anybody and no charge is a trial."""
PAYMENTS_KEYS = {
    "stripe": (os.environ.get("MADOGUCHI_STRIPE_KEY", ""), os.environ.get("MADOGUCHI_STRIPE_WEBHOOK_SECRET", "")),
    "payjp": (os.environ.get("MADOGUCHI_PAYJP_KEY", ""), os.environ.get("MADOGUCHI_PAYJP_WEBHOOK_TOKEN", "")),
    "paypay": (
        os.environ.get("MADOGUCHI_PAYPAY_KEY", ""),
        os.environ.get("MADOGUCHI_PAYPAY_SECRET", ""),
        os.environ.get("MADOGUCHI_PAYPAY_MERCHANT", ""),
    ),
}
SIGNATURE_FOLDER = os.environ.get("MADOGUCHI_SIGNATURES", "")
"""Trusted certification authorities (``*.pem``) and revocation lists (``*.crl``) that the host keeps up to date."""
HTTPS = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    *kernel.INSTALLED_APPS,
    *identity.INSTALLED_APPS,
    "madoguchi.engines.forms",
    "madoguchi.engines.casework",
    "madoguchi.engines.notices",
    "madoguchi.engines.payments",
    "madoguchi.engines.issuing",
    "madoguchi.engines.records",
    "madoguchi.rooms.catalogue",
    "madoguchi.rooms.portal",
    "madoguchi.rooms.desk",
    "madoguchi.rooms.studio",
    "madoguchi.rooms.indicators",
    "csp",
]

MIDDLEWARE = [
    *kernel.FIRST_MIDDLEWARE,
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "madoguchi.kernel.ui.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "madoguchi.kernel.ui.reading.FuriganaMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    *identity.MIDDLEWARE,
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    *kernel.LAST_MIDDLEWARE,
]

ROOT_URLCONF = "madoguchi.config.urls"
ASGI_APPLICATION = "madoguchi.config.asgi.application"
WSGI_APPLICATION = "madoguchi.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "madoguchi.kernel.ui.context.frame",
                *identity.CONTEXT_PROCESSORS,
            ],
        },
    }
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": django_database(
        os.environ.get("DATABASE_URL"), pool=ENV != "test" and "MADOGUCHI_NO_POOL" not in os.environ
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "ja"
USE_I18N = True
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": file_storage(os.environ.get("MADOGUCHI_FILES", ""), folder=VAR / "files"),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ENV == "test"
        else "madoguchi.config.storage.StaticStorage"
    },
}
CLAMD_URL = os.environ.get("MADOGUCHI_CLAMD", "")
"""The virus scanner: ``tcp://host:port`` or ``unix:/path``; files are held until it says that they are clean."""
PICTURE_MAX_SIDE = int(os.environ.get("MADOGUCHI_PICTURE_MAX_SIDE", "3000"))
WHITENOISE_USE_FINDERS = ENV == "test"
WHITENOISE_AUTOREFRESH = ENV == "test"

EMAIL_URL = os.environ.get("MADOGUCHI_SMTP_URL", "")
MAIL_FOLDER = VAR / "mail"
DEFAULT_FROM_EMAIL = os.environ.get("MADOGUCHI_MAIL_FROM", "madoguchi@example.jp")
if ENV == "test":
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
elif EMAIL_URL:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    from urllib.parse import unquote, urlsplit

    _mail = urlsplit(EMAIL_URL)
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "madoguchi.engines.notices.backends.FolderEmailBackend"

BOUNCE_ADDRESS = os.environ.get("MADOGUCHI_BOUNCE_ADDRESS", "")
BOUNCE_FOLDER = os.environ.get("MADOGUCHI_BOUNCE_FOLDER", "")
LINE = {
    "token": os.environ.get("MADOGUCHI_LINE_TOKEN", ""),
    "secret": os.environ.get("MADOGUCHI_LINE_SECRET", ""),
    "id": os.environ.get("MADOGUCHI_LINE_ID", ""),
    "api": os.environ.get("MADOGUCHI_LINE_API", "https://api.line.me"),
    "login": os.environ.get("MADOGUCHI_LINE_LOGIN", "https://access.line.me"),
}
SMS: dict[str, Any] = {
    "url": os.environ.get("MADOGUCHI_SMS_URL", ""),
    "token": os.environ.get("MADOGUCHI_SMS_TOKEN", ""),
    "secret": os.environ.get("MADOGUCHI_SMS_SECRET", ""),
    "folder": VAR / "sms" if ENV != "production" else None,
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if "MADOGUCHI_BEHIND_PROXY" in os.environ else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]

LOGGING_CONFIG = "madoguchi.kernel.logs.configure"
LOGGING: dict[str, Any] = {"level": os.environ.get("MADOGUCHI_LOG_LEVEL", "INFO" if ENV == "production" else "WARNING")}

globals().update(identity.SETTINGS)
if ENV == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
