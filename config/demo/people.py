"""Who may sign in at the demonstration."""

from typing import Final

from accounts.models import User

_RIGHTS: Final = {"ada": {}, "bo": {}, "cho": {"is_staff": True, "is_superuser": True}}


def invite() -> None:
    """Make Ada, Bo and, as staff, Cho. Who is there already stays as he is."""
    for name, rights in _RIGHTS.items():
        email = f"{name}@example.com"
        if not User.objects.filter(email=email).exists():
            User.objects.create_user(email, None, name=name.title(), **rights)
