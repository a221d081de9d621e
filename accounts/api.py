"""What the pages' scripts ask about people."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import typos
from accounts.page_api import PageAlone, read_body


class AddressHints(APIView):
    authentication_classes = (PageAlone,)

    class InputSerializer(serializers.Serializer[Any]):
        email = serializers.CharField(max_length=254)

    class OutputSerializer(serializers.Serializer[Any]):
        meant = serializers.CharField()
        sentence = serializers.CharField()

    @extend_schema(request=InputSerializer, responses=OutputSerializer)
    def post(self, request: Request) -> Response:
        """Tell what address was probably meant, by its letters alone. Nothing is looked up, nothing kept."""
        meant = typos.suggest(read_body(request, self.InputSerializer)["email"])
        sentence = _("Did you mean %(meant)s?") % {"meant": meant} if meant else ""
        return Response({"meant": meant, "sentence": sentence}, headers={"Cache-Control": "no-store"})
