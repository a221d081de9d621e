"""Videos and collections: their texts, parts and prices."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import OfficeAdmin
from accounts.jobs import hint
from videos import arranging, tasks
from videos.admin import film_file, rules, watch_map
from videos.admin.chapters import ChapterInline
from videos.admin.offers import OfferInline, current_prices
from videos.kollus import api_client
from videos.kollus.api_client import KollusRefused, KollusUnavailable
from videos.models import Collection, CollectionItem, CollectionText, Video, VideoText
from videos.publishing import callback_inbox, shelving, syncing

_TOLD_BY_KOLLUS = ("media_content_key", "duration_seconds")
_ASKED_AT_ONCE = 5  # each takes a second or two of Kollus' time
_SPOKEN = [
    *("en", "ko", "ja", "zh-hans", "zh-hant", "vi", "th", "id", "hi", "ar", "es", "pt", "fr", "de", "it"),
    *("nl", "sv", "da", "nb", "fi", "pl", "cs", "tr", "ru", "uk"),
]


class VideoForm(forms.ModelForm[Video]):
    audio_languages = forms.MultipleChoiceField(
        label=_("Spoken languages"),
        required=False,
        choices=[(code, get_language_info(code)["name_translated"]) for code in _SPOKEN],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Video
        fields = ("slug", "audio_languages")  # the page names the others

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules.word_switches(self, _("As its channel says"))


class VideoTextInline(admin.StackedInline[VideoText, Video]):
    model = VideoText
    extra = 0
    min_num = 1
    max_num = len(settings.LANGUAGES)


class CollectionTextInline(admin.StackedInline[CollectionText, Collection]):
    model = CollectionText
    extra = 0
    min_num = 1
    max_num = len(settings.LANGUAGES)


class VideoOffers(OfferInline):
    fk_name = "video"


class CollectionOffers(OfferInline):
    fk_name = "collection"


class _ShelfAdmin(OfficeAdmin[Any]):
    """What a video and a collection have in common: an address, texts and offers."""

    search_help_text = _("The beginning of the address, or a part of the title.")
    text_model: type[Model]

    def find(self, term: str) -> Q:
        # Titles are read through: a catalogue has thousands of rows, not millions.
        titled = self.text_model._default_manager.filter(title__icontains=term)
        found = Q(pk__in=titled.values(str(self.opts.model_name)))
        return found | Q(slug__startswith=slugify(term)) if slugify(term) else found

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("texts", "offers__prices")

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return obj.get_absolute_url() if obj and obj.is_published else None

    @admin.display(description=_("title"))
    def shown_title(self, shelf: Video | Collection) -> str:
        return shelf.title

    @admin.display(description=_("prices"))
    def prices(self, shelf: Video | Collection) -> str:
        return " / ".join(
            f"{offer.label} {current_prices(offer)}" for offer in shelf.offers.all() if offer.is_active
        )


@admin.register(Video)
class VideoAdmin(_ShelfAdmin):
    text_model = VideoText
    form = VideoForm
    list_display = (
        *("shown_title", "slug", "prices", "protection"),
        *("is_published", "off_sale_because", "sold_until"),
    )
    list_filter = ("is_published", "off_sale_because", "protection")
    readonly_fields = ("is_published", "off_sale_because", "poster_preview", "created_at")
    inlines = (VideoTextInline, ChapterInline, VideoOffers)
    actions = ("publish", "withdraw", "ask_kollus")
    fieldsets = (
        (None, {"fields": ("slug", ("is_published", "off_sale_because"), ("poster", "poster_preview"))}),
        (
            _("At Kollus"),
            {"fields": ("media_content_key", "upload_file_key", "channel", "duration_seconds")},
        ),
        (
            _("Protection"),
            {
                "fields": (
                    "protection",
                    *rules.FIELDS,
                    ("plays_from_seconds", "plays_until_seconds"),
                    "may_be_kept",
                )
            },
        ),
        (_("Preview for everybody"), {"fields": ("trailer_key", "preview_seconds")}),
        (_("Facts"), {"fields": ("audio_languages", ("released_year", "age_rating"), "created_at")}),
    )

    def get_urls(self) -> list[URLPattern]:
        own = film_file.urls(self.admin_site.admin_view) + watch_map.urls(self.admin_site)
        return own + super().get_urls()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        video = context.get("original")
        film = film_file.context(video) if video else None
        page = super().render_change_form(request, context | {"film": film}, *args, **kwargs)
        idle = "publish" if video and video.is_published else "withdraw"
        shown = [(name, label) for name, label in page.context_data["row_actions"] if name != idle]
        page.context_data["row_actions"] = shown
        return page

    def get_readonly_fields(self, request: HttpRequest, obj: Video | None = None) -> tuple[str, ...]:
        """What Kollus tells is not typed: a page that was opened before would write back what it showed."""
        if obj and obj.uploads.exists():
            return (*self.readonly_fields, "upload_file_key", *_TOLD_BY_KOLLUS)
        # Of the row, since `obj` has what was typed once a form is refused.
        stored = Video.objects.exclude(upload_file_key="").filter(pk=obj.pk if obj else 0)
        if api_client.is_set_up() and stored.exists():
            return (*self.readonly_fields, *_TOLD_BY_KOLLUS)
        return self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Video, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "channel" in form.changed_data:
            callback_inbox.look_again(obj, at=timezone.now())
            hint(tasks.look_at_kollus)

    @admin.action(description=_("Put in the shop"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Video]) -> None:
        for video in queryset:
            try:
                if shelving.publish(video):
                    self._note(request, video, _now("Put in the shop."))
            except shelving.NotReady as error:
                told = _now("%(video)s is not in the shop:") % {"video": video.title}
                self.message_user(request, " ".join([told, *error.sentences]), messages.ERROR)

    @admin.action(description=_("Take out of the shop"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Video]) -> None:
        for video in queryset:
            if shelving.withdraw(video):
                self._note(request, video, _now("Taken out of the shop. Who bought it keeps watching."))

    @admin.action(description=_("Ask Kollus"), permissions=["change"])
    def ask_kollus(self, request: HttpRequest, queryset: QuerySet[Video]) -> None:
        for video in queryset[:_ASKED_AT_ONCE]:
            try:
                syncing.ask(video, at=timezone.now())
            except KollusUnavailable:
                told = _now("Kollus does not answer. Nothing was changed; try again in a minute.")
                return self.message_user(request, told, messages.ERROR)
            except KollusRefused:
                told = _now("Kollus refuses: look at KOLLUS_API_TOKEN and at the channel's key.")
                return self.message_user(request, told, messages.ERROR)
            self.message_user(request, f"{video.title}: {_now('Kollus has been asked.')}", messages.SUCCESS)
        return None

    def _note(self, request: HttpRequest, video: Video, told: str) -> None:
        self.log_change(request, video, told)
        self.message_user(request, f"{video.title}: {told}", messages.SUCCESS)

    @admin.display(description=_("poster now"))
    def poster_preview(self, video: Video) -> str:
        if not video.poster:
            return "-"
        return format_html('<img class="poster-preview" src="{}" alt="">', video.poster.url)


class PartForm(forms.ModelForm[CollectionItem]):
    class Meta:
        model = CollectionItem
        fields = ("video", "position")

    def _get_validation_exclusions(self) -> set[str]:
        # Positions may be swapped at will: `arranging` numbers the parts anew.
        return {*super()._get_validation_exclusions(), "position"}  # type: ignore[misc]


class PartsFormSet(forms.BaseInlineFormSet[CollectionItem, Collection, forms.ModelForm[CollectionItem]]):
    def get_unique_error_message(self, unique_check: Any) -> str:
        return str(_("A film can be in a collection once."))

    def validate_unique(self) -> None:
        seen: set[int] = set()
        for form in self.forms:
            video = form.cleaned_data.get("video") if hasattr(form, "cleaned_data") else None
            if video is None or form in self.deleted_forms:
                continue
            if video.pk in seen:
                raise forms.ValidationError(_("A film can be in a collection once."))
            seen.add(video.pk)

    def video_ids(self) -> list[int]:
        """The films that stay, by the positions typed."""
        kept = [form.cleaned_data for form in self.forms if form not in self.deleted_forms]
        parts = [(data["position"], data["video"].pk) for data in kept if data.get("video")]
        return [video_id for _position, video_id in sorted(parts, key=lambda part: part[0])]


class PartInline(admin.TabularInline[CollectionItem, Collection]):
    model = CollectionItem
    form = PartForm
    formset = PartsFormSet
    autocomplete_fields = ("video",)
    ordering = ("position",)
    extra = 0


@admin.register(Collection)
class CollectionAdmin(_ShelfAdmin):
    text_model = CollectionText
    list_display = ("shown_title", "slug", "kind", "prices", "position", "is_published")
    list_filter = ("is_published", "kind")
    fields = ("slug", "kind", "position", "is_published")
    inlines = (CollectionTextInline, PartInline, CollectionOffers)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if not isinstance(formset, PartsFormSet):
            return super().save_formset(request, form, formset, change)
        formset.save(commit=False)  # only notes for the log what was changed
        if formset.has_changed():
            arranging.arrange(form.instance, formset.video_ids())
