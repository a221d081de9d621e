"""Times as the Japanese write them: a gap between day and hour, which Django's own leaves out."""

DATETIME_FORMAT = "Y年n月j日 G:i"
