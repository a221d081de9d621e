"""What gunicorn serves: `gunicorn -k gthread config.wsgi`.

With `--preload` each serving process begins with what was read here, also one that takes a dead one's place.
"""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
# All pages' modules, which else the first buyer would wait for.
get_resolver().url_patterns  # noqa: B018 (read for what it does)
