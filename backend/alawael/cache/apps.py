from django.apps import AppConfig
from django.conf import settings
from pymongo import monitoring

from alawael.cache import watch


class CacheConfig(AppConfig):
    name = "alawael.cache"

    def ready(self) -> None:
        # In every process, before the first connection: the worker and the command line change
        # data like the web server does.
        from alawael.cache.runtime import Changes

        watch.announce_to(Changes())
        if settings.USES_MONGODB:
            monitoring.register(watch.MongoWatch())
