"""The office over HTTP, for the tests of each app's admin."""

import time
from typing import Any

from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Model
from django.forms import FileField
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User


def page(model: type[Model], what: str = "changelist", *args: Any) -> str:
    """The address of a list, or with `what` of another page of that model."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


def signed_in(user: User, *rights: str) -> Client:
    """A browser of this user as staff who holds exactly these rights: `videos.view_video`."""
    User.objects.filter(pk=user.pk).update(is_staff=True)
    for right in rights:
        app, _, codename = right.partition(".")
        permission = Permission.objects.get(content_type__app_label=app, codename=codename)
        user.user_permissions.add(permission)
    browser = Client()
    browser.force_login(User.objects.get(pk=user.pk))
    pass_second_step(browser, user)
    return browser


def pass_second_step(browser: Client, user: User) -> None:
    """Leave in the browser's session what the second step leaves there, which a test of its own looks at."""
    session = browser.session
    session.update(second_step_marks(user))
    session.save()


def second_step_marks(user: User) -> dict[str, Any]:
    return {
        "account_authentication_methods": [{"method": "mfa", "at": time.time()}],
        "account_authentication_methods_user": str(user.pk),
    }


def act(browser: Client, action: str, *rows: Model, **form: Any) -> Any:
    """Run an action on rows, as the list's form does, and return where it ends."""
    chosen = {"action": action, "index": "0", "_selected_action": [row.pk for row in rows]}
    return browser.post(page(type(rows[0])), chosen | form, follow=True)


def change(browser: Client, row: Model, **typed: Any) -> str:
    """Save a row's page as it stands but for what is typed, and return what it says then."""
    address = page(type(row), "change", row.pk)
    shown = browser.get(address).context_data or {}
    sets = [inline.formset for inline in shown["inline_admin_formsets"]]
    forms = [
        shown["adminform"].form,
        *(form for each in sets for form in (each.management_form, *each.initial_forms)),
    ]
    values = {
        field.html_name: field.value()
        for form in forms
        for field in form
        if not isinstance(field.field, FileField)
    }
    filled = {name: value for name, value in values.items() if not (value is None or value is False)}
    return text(browser.post(address, filled | typed, follow=True))


def statements(browser: Client, address: str) -> list[str]:
    """The SQL that opening a page takes, once everything that is remembered is."""
    assert browser.get(address).status_code == 200
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert browser.get(address).status_code == 200
    return [query["sql"] for query in seen.captured_queries]


def text(response: Any) -> str:
    """A page's body."""
    return str(response.content.decode())
