"""``python -m madoguchi.engines.identity.local_provider PORT``: run the demo's provider until told to stop."""

from __future__ import annotations

import os
import sys

from .server import serve

if __name__ == "__main__":
    try:
        serve("127.0.0.1", int(sys.argv[1]), secret=os.environ["MADOGUCHI_LOCAL_OIDC_SECRET"]).serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)
