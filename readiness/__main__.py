"""Run the readiness check."""

import sys

from readiness.command_line import main

sys.exit(main())
