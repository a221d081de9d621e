"""Times as Koreans write them: the half of the day stands before the hour. Django's own puts it behind."""

TIME_FORMAT = "A g:i"
DATETIME_FORMAT = "Y년 n월 j일 A g:i"
