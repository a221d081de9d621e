"""A model's whole rows among what a written-out statement gives."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


class WholeRows(Generic[M]):
    """Says which columns a statement has to ask for, and makes rows of what they hold."""

    def __init__(self, model: type[M]) -> None:
        self._model = model
        self._fields = model._meta.concrete_fields
        self._names = [field.attname for field in self._fields]
        table = model._meta.db_table
        self.columns = ", ".join(f"{table}.{field.column}" for field in self._fields)
        self.width = len(self._fields)

    def read(self, values: Sequence[Any]) -> M:
        """This will make a row as the ORM gives it of what its `columns` hold."""
        held = list(values)
        for position, column, converters in self._to_convert:
            for convert in converters:
                held[position] = convert(held[position], column, connection)
        return self._model.from_db(connection.alias, self._names, held)

    @cached_property
    def _to_convert(self) -> list[tuple[int, Any, list[Any]]]:
        """What the database gives in another form than the model has it: most of all SQLite's instants."""
        columns = [field.get_col(self._model._meta.db_table) for field in self._fields]
        converters = [
            [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
            for column in columns
        ]
        numbered = enumerate(zip(columns, converters, strict=True))
        return [(position, column, found) for position, (column, found) in numbered if found]
