from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework.serializers import Serializer


class SchemaByQualifiedName(AutoSchema):
    """Our serializers stand nested in their views: `Orders.InputSerializer` is called `OrdersInput`."""

    def get_serializer_name(self, serializer: Serializer[Any], direction: str) -> str:
        return type(serializer).__qualname__.replace(".", "")
