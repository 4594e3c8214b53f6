"""Run the command."""

import sys

from database_grants.command_line import main

sys.exit(main())
