"""Who may sign in at the demonstration."""

from typing import Final

from accounts.models import User

PASSWORD: Final = "matinee"  # noqa: S105 (printed at every start; the port is loopback's)
_RIGHTS: Final = {"ada": {}, "bo": {}, "cho": {"is_staff": True, "is_superuser": True}}


def invite() -> None:
    """Make Ada, Bo and, as staff, Cho. Who is there already stays as he is."""
    for name, rights in _RIGHTS.items():
        email = f"{name}@example.com"
        if not User.objects.filter(email=email).exists():
            User.objects.create_user(email, PASSWORD, name=name.title(), **rights)
