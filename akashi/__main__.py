"""`python -m akashi`."""

import sys

from akashi.cli import main

sys.exit(main())
