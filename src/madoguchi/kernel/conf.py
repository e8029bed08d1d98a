"""What the kernel needs from the Django settings. Read by ``config/settings.py``; imports no Django model."""

INSTALLED_APPS = [
    "madoguchi.kernel",
    "madoguchi.kernel.ui",
    "procrastinate.contrib.django",
]

FIRST_MIDDLEWARE = ["madoguchi.kernel.logs.RequestIdMiddleware"]
LAST_MIDDLEWARE = [
    "madoguchi.kernel.ui.failures.DomainErrorMiddleware",
    "madoguchi.kernel.access.DefaultDenyMiddleware",
]
