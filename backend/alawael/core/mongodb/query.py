"""Filter, sort and cut before joining, wherever the answer stays the same."""

from typing import Any

from django_mongodb_backend.query import MongoQuery

Stage = dict[str, Any]


class FilterFirstQuery(MongoQuery):  # type: ignore[misc]
    def get_pipeline(self) -> list[Stage]:
        """The backend's stages, in an order that joins as few documents as possible.

        A condition on the collection's own fields says the same before a join and after it. Sorting
        and cutting go along when nothing is left to filter and every join finds exactly one row.
        """
        stages: list[Stage] = super().get_pipeline()
        if not self.lookup_pipeline or self._is_more_than_joins():
            return stages
        joins, rest = _split(stages, len(self.lookup_pipeline))
        joined = {stage["$lookup"]["as"] for stage in joins if "$lookup" in stage}
        early, late = _own_and_joined(self.match_mql, joined) if self.match_mql else ([], [])
        if self.match_mql:
            rest = rest[1:]
        page: list[Stage] = []
        if not late and self._keeps_rows() and self._sorts_by_own(joined):
            page = [stage for stage in rest if stage.keys() & {"$sort", "$skip", "$limit"}]
            rest = [stage for stage in rest if stage not in page]
        return [*_match(early), *page, *joins, *_match(late), *rest]

    def _is_more_than_joins(self) -> bool:
        return bool(self.search_pipeline or self.subqueries or self.subquery_lookup)

    def _keeps_rows(self) -> bool:
        """Neither a join nor a group makes more or fewer rows of a row."""
        if self.aggregation_pipeline or self.combinator_pipeline:
            return False
        joins = (join for join in self.query.alias_map.values() if join.parent_alias)
        return all(
            _finds_one(join) for join in joins if self.query.alias_refcount[join.table_alias]
        )

    def _sorts_by_own(self, joined: set[str]) -> bool:
        named: Stage = {**(self.project_fields or {}), **(self.extra_fields or {})}
        return all(
            name.split(".")[0] not in joined and named.get(name, 1) in (1, True, f"${name}")
            for name in self.ordering or ()
        )


def _finds_one(join: Any) -> bool:
    """A foreign key of ours always points at a row; the database is never asked to delete one."""
    field = join.join_field
    return bool(getattr(field, "many_to_one", False)) and getattr(field, "concrete", False)


def _split(stages: list[Stage], joins: int) -> tuple[list[Stage], list[Stage]]:
    return stages[:joins], stages[joins:]


def _match(conditions: list[Any]) -> list[Stage]:
    match conditions:
        case []:
            return []
        case [condition]:
            return [{"$match": condition}]
        case _:
            return [{"$match": {"$and": conditions}}]


def _own_and_joined(condition: Stage, joined: set[str]) -> tuple[list[Any], list[Any]]:
    """The parts of a condition about the collection itself, and those about what is joined."""
    parts = condition["$and"] if condition.keys() == {"$and"} else [condition]
    own = [part for part in parts if not _mentions(part, joined)]
    return own, [part for part in parts if _mentions(part, joined)]


def _mentions(value: Any, joined: set[str]) -> bool:
    """Whether a field of a joined collection may be meant. Too careful rather than wrong."""
    if isinstance(value, str):
        return value.lstrip("$").split(".")[0] in joined
    if isinstance(value, dict):
        return any(_mentions(key, joined) or _mentions(of, joined) for key, of in value.items())
    if isinstance(value, list | tuple):
        return any(_mentions(one, joined) for one in value)
    return False
