"""Where attachments lie: a folder outside the web root, or an S3-compatible store when ``MADOGUCHI_FILES`` names one.

Owns the reading of that setting. Keys of the store come from the usual variables of the S3 library (``AWS_ACCESS_KEY_ID`` …),
never from the address. No public address of a file is ever made: the product reads it and gives it out itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit


def file_storage(address: str, *, folder: Path) -> dict[str, Any]:
    """Return Django's storage setting for ``s3://bucket/prefix?endpoint=…&region=…``, an absolute path, or '' (*folder*).

    Raises ValueError for anything else.
    """
    if not address or address.startswith("/"):
        location = Path(address) if address else folder
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": location}}
    parts = urlsplit(address)
    if parts.scheme != "s3" or not parts.netloc or parts.username:
        raise ValueError("MADOGUCHI_FILES は「s3://バケット/場所?endpoint=https://…」か、絶対パスにしてください。")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    options: dict[str, Any] = {
        "bucket_name": parts.netloc,
        "location": parts.path.strip("/"),
        "default_acl": "private",
        "querystring_auth": True,
        "file_overwrite": False,
        "signature_version": "s3v4",
    }
    if endpoint := query.get("endpoint"):
        options |= {"endpoint_url": endpoint, "addressing_style": query.get("style", "path")}
    if region := query.get("region"):
        options["region_name"] = region
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
