from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "alawael.core"

    def ready(self) -> None:
        # Listeners, jobs and proofs register when their modules load.
        autodiscover_modules("jobs", "proofs", "install")
