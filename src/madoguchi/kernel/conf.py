"""What the kernel needs from the Django settings. Read by ``config/settings.py``; imports no Django model."""

import os

INSTALLED_APPS = [
    "madoguchi.kernel",
    "madoguchi.kernel.ui",
    "procrastinate.contrib.django",
]

FIRST_MIDDLEWARE = [
    *(["madoguchi.kernel.counting.CountSqlMiddleware"] if "MADOGUCHI_COUNT_SQL" in os.environ else []),
    "madoguchi.kernel.logs.RequestIdMiddleware",
]
LAST_MIDDLEWARE = [
    "madoguchi.kernel.ui.failures.DomainErrorMiddleware",
    "madoguchi.kernel.access.DefaultDenyMiddleware",
]
