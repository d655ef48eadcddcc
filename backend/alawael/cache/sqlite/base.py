from typing import Any

from django.db.backends.sqlite3 import base

from alawael.cache import watch
from alawael.cache.sqlite import lookups

lookups.register()


class DatabaseWrapper(base.DatabaseWrapper):
    """Tells the cache what is read and written here. No developer has to think of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(watch.sql_statement)

    def _commit(self) -> None:
        with watch.commit_of(self):
            super()._commit()  # type: ignore[misc]

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            watch.forget(self)

    def _close(self) -> None:
        watch.forget(self)
        super()._close()  # type: ignore[misc]
