"""Static files with hashed names; a file that is not gathered yet is served under its plain name instead of breaking a page."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed files, lenient about missing ones."""

    manifest_strict = False
