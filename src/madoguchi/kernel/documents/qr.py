"""QR codes for paper. Owns the drawing as SVG; what the code says is the caller's."""

from __future__ import annotations

from io import BytesIO

import segno


def qr_svg(text: str) -> str:
    """Return a QR code (error level M, quiet zone included) as an SVG document."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=4, scale=1)
    return out.getvalue().decode()
