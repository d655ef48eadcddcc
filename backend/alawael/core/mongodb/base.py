"""What Django looks for in an engine."""

from django_mongodb_backend import base
from django_mongodb_backend.operations import DatabaseOperations

from alawael.core.mongodb import lookups
from alawael.core.mongodb.schema import SchemaEditor

lookups.register()


class FilterFirstOperations(DatabaseOperations):  # type: ignore[misc]
    compiler_module = "alawael.core.mongodb.compiler"


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]
    ops_class = FilterFirstOperations
    SchemaEditorClass = SchemaEditor
