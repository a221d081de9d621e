"""The table of what is held of people knows every model and every text that could name somebody."""

from typing import Any, Final

import pytest
from django.apps import apps
from django.db import models

from accounts.models import User
from billing.privacy.holdings import HELD, OF_NOBODY

# What can hold a name, or point at one. Numbers, instants and marks do not.
_COULD_NAME: Final = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    models.BinaryField,
    models.GenericIPAddressField,
)
_MODELS: Final = [each for each in apps.get_models(include_auto_created=True) if not each._meta.proxy]


@pytest.mark.parametrize("model", _MODELS, ids=lambda model: model._meta.label)
def test_each_text_has_its_word_in_the_table(model: type[models.Model]) -> None:
    label, texts = model._meta.label, {each.name for each in model._meta.concrete_fields if _could_name(each)}
    held = HELD.get(model)

    assert (held is None) != (label not in OF_NOBODY), (
        f"say in billing/privacy/holdings.py of whom {label} is"
    )
    if held is None:
        assert texts == set(OF_NOBODY[label].split())
        return
    named = {each.name for each in model._meta.concrete_fields}
    assert set(held.withheld.split()) <= named
    assert set(held.parts) <= named - set(held.withheld.split())
    if held.is_deleted:
        assert not held.stays and not held.instead
        return
    assert not set(held.instead) & set(held.stays.split())
    assert set(held.instead) | set(held.stays.split()) == texts | (set(held.instead) & named)


def test_the_table_names_no_model_that_is_gone() -> None:
    assert set(OF_NOBODY) <= {model._meta.label for model in _MODELS}


def test_a_new_text_would_be_noticed() -> None:
    class Guestbook(models.Model):  # noqa: DJ008 (it is never made)
        entry = models.TextField()
        by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
        stars = models.IntegerField()

        class Meta:
            app_label = "accounts"
            managed = False

    try:
        could = [each.name for each in Guestbook._meta.concrete_fields if _could_name(each)]
    finally:
        apps.all_models["accounts"].pop("guestbook")
        apps.clear_cache()

    assert could == ["entry", "by"]


def _could_name(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field, _COULD_NAME) or (field.is_relation and field.related_model is User)
