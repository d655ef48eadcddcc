"""The program as a WSGI application: static files of the web app first, then Django."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings  # noqa: E402 - settings first
from django.core.wsgi import get_wsgi_application  # noqa: E402
from whitenoise import WhiteNoise  # noqa: E402

from alawael.security.cors import AllowOrigins  # noqa: E402
from alawael.security.headers import for_static_files  # noqa: E402


def _is_hashed(path: str, url: str) -> bool:
    """Vite names its assets by their content, so a browser may keep them for ever."""
    return url.startswith("/assets/")


django_application = get_wsgi_application()

from config.cache_wiring import with_cache  # noqa: E402 - it names models, which are loaded now

application = WhiteNoise(
    django_application,
    root=settings.WEB_APP.parent if settings.WEB_APP.exists() else None,
    immutable_file_test=_is_hashed,
    max_age=0,
    index_file=False,
    add_headers_function=for_static_files,
)
# The page itself is Django's: every answer of it carries a nonce of its own.
application.files.pop("/index.html", None)

application = with_cache(application)

if settings.CORS_ORIGINS:
    application = AllowOrigins(application, settings.CORS_ORIGINS)
