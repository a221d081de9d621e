"""A collection's parts. Who owns the collection owns what is in it now: this grants and takes away."""

from collections.abc import Iterable

from django.db import transaction

from videos.models import Collection, CollectionItem


@transaction.atomic
def arrange(collection: Collection, video_ids: Iterable[int]) -> None:
    """This will make these videos, in this order, the collection. The same again changes nothing."""
    wanted = list(dict.fromkeys(video_ids))
    Collection.objects.select_for_update().get(pk=collection.pk)
    if wanted == list(collection.items.order_by("position").values_list("video_id", flat=True)):
        return
    # All anew: moving rows one by one would meet the unique positions half way.
    collection.items.all().delete()
    CollectionItem.objects.bulk_create(
        CollectionItem(collection=collection, video_id=video_id, position=position)
        for position, video_id in enumerate(wanted, start=1)
    )
