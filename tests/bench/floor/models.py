"""As few tables as the hot paths can live on."""

from django.db import models


class Film(models.Model):
    slug = models.CharField(max_length=50, unique=True)
    key = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=120)
    description = models.TextField()
    poster = models.CharField(max_length=100)

    objects: "models.Manager[Film]" = models.Manager()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.title


class Price(models.Model):
    film = models.ForeignKey(Film, on_delete=models.CASCADE, related_name="prices")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()

    objects: "models.Manager[Price]" = models.Manager()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency}"


class Event(models.Model):
    event_id = models.CharField(max_length=64, unique=True)
    type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=80)
    received_at = models.DateTimeField()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.event_id


class Right(models.Model):
    viewer = models.CharField(max_length=32)
    film = models.ForeignKey(Film, on_delete=models.CASCADE)
    until = models.DateTimeField(null=True)

    class Meta:
        app_label = "floor"
        constraints = [models.UniqueConstraint(fields=["viewer", "film"], name="floor_one_right")]

    def __str__(self) -> str:
        return self.viewer


class Browser(models.Model):
    """A browser's session, which lives on the server."""

    key = models.CharField(max_length=32, primary_key=True)
    viewer = models.CharField(max_length=32)

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.viewer


class Session(models.Model):
    reference = models.CharField(max_length=32, unique=True)
    right = models.ForeignKey(Right, on_delete=models.CASCADE)
    opened_at = models.DateTimeField()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.reference


class Play(models.Model):
    reference = models.CharField(max_length=32, unique=True)
    player = models.CharField(max_length=120)
    kind = models.SmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.reference


class Progress(models.Model):
    right = models.OneToOneField(Right, on_delete=models.CASCADE)
    position_seconds = models.IntegerField()
    watched_seconds = models.IntegerField()
    reported_at = models.DateTimeField()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return f"{self.position_seconds}s"
