"""Rows that are written once: every door by which Django could change or remove them is shut."""

from typing import Any, NoReturn, TypeVar

from django.db import models

from alawael.core.fields import Row

M = TypeVar("M", bound=models.Model)


class WrittenForGood(RuntimeError):
    """A bug: the program tried to change what was posted. Post a reversal instead."""


class AppendOnlyQuerySet(models.QuerySet[M]):
    def update(self, **_: Any) -> NoReturn:
        raise WrittenForGood(self.model._meta.label)

    def delete(self) -> NoReturn:
        raise WrittenForGood(self.model._meta.label)

    def bulk_update(self, *_: Any, **__: Any) -> NoReturn:
        raise WrittenForGood(self.model._meta.label)

    def _update(self, *_: Any) -> NoReturn:  # what save() of a stored row ends in
        raise WrittenForGood(self.model._meta.label)

    def _raw_delete(self, *_: Any) -> NoReturn:
        raise WrittenForGood(self.model._meta.label)


class AppendOnlyManager(models.Manager[M]):
    def get_queryset(self) -> AppendOnlyQuerySet[M]:
        return AppendOnlyQuerySet(self.model, using=self._db)


class AppendOnly(Row):
    """A row of the books. It can be added and read, nothing else."""

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        raise WrittenForGood(self._meta.label)
