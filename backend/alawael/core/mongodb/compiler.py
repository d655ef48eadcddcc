"""The backend's compilers, with a query that filters first. Names are Django's."""

from django_mongodb_backend import compiler

from alawael.core.mongodb.query import FilterFirstQuery


class FilterFirst:
    query_class = FilterFirstQuery


class SQLCompiler(FilterFirst, compiler.SQLCompiler):  # type: ignore[misc]
    pass


class SQLInsertCompiler(FilterFirst, compiler.SQLInsertCompiler):  # type: ignore[misc]
    pass


class SQLDeleteCompiler(FilterFirst, compiler.SQLDeleteCompiler):  # type: ignore[misc]
    pass


class SQLUpdateCompiler(FilterFirst, compiler.SQLUpdateCompiler):  # type: ignore[misc]
    pass


class SQLAggregateCompiler(FilterFirst, compiler.SQLAggregateCompiler):  # type: ignore[misc]
    pass
