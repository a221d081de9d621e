#!/usr/bin/env python
"""Django's command line, with `serve` for the whole shop at once."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    is_demo = sys.argv[1:2] in (["serve"], ["reset_demo"], ["staff_code"])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_demo" if is_demo else "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as complaint:
        sys.exit(str(complaint))  # one sentence, which a traceback would bury
