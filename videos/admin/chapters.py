"""The chapters on a video's page, their times typed as a clock shows them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from videos.contents import clock_seconds, clock_text
from videos.models import Chapter, Video


class ClockField(forms.CharField):
    """A place in the film in seconds, shown and typed as 1:02:03."""

    def prepare_value(self, value: Any) -> Any:
        return clock_text(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value) or ""
        if not typed:
            return None
        seconds = clock_seconds(typed)
        if seconds is None:
            raise forms.ValidationError(_("Type the time as 1:02:03, 12:34 or in seconds."))
        return seconds

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class ChapterForm(forms.ModelForm[Chapter]):
    start_seconds = ClockField(label=_("Begins at"))

    class Meta:
        model = Chapter
        fields = ("language", "start_seconds", "title")


class ChapterFormSet(forms.BaseInlineFormSet[Chapter, Video, forms.ModelForm[Chapter]]):
    def get_unique_error_message(self, unique_check: Any) -> str:
        return str(_("Two chapters of one language begin at the same time."))


class ChapterInline(admin.TabularInline[Chapter, Video]):
    model = Chapter
    form = ChapterForm
    formset = ChapterFormSet
    ordering = ("language", "start_seconds")
    extra = 0
