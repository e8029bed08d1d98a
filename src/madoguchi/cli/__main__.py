"""``python -m madoguchi.cli``."""

import sys

from madoguchi.cli.main import main

sys.exit(main())
