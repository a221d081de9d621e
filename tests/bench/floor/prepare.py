"""`python -m tests.bench.floor.prepare`: makes the floor's tables and fills them."""

import django
from django.core.management import call_command
from django.db import connection, connections

FILMS = 1000
VIEWERS = 20_000

_FILL = f"""
INSERT INTO floor_film (slug, key, title, description, poster)
SELECT 'film-' || n, 'K' || n, 'The film ' || n, repeat('A sentence about the film. ', 10),
       '/media/posters/film-' || n || '.svg'
FROM generate_series(1, {FILMS}) n;
INSERT INTO floor_price (film_id, currency, amount_minor)
SELECT id, currency, 790 FROM floor_film, unnest(ARRAY['usd', 'eur', 'krw', 'jpy']) currency;
INSERT INTO floor_right (viewer, film_id)
SELECT 'viewer-' || n, 1 + n % {FILMS} FROM generate_series(0, {VIEWERS - 1}) n;
INSERT INTO floor_browser (key, viewer)
SELECT md5(viewer), viewer FROM floor_right;
INSERT INTO floor_session (reference, right_id, opened_at)
SELECT 'session-' || (id - 1), id, now() FROM floor_right;
ANALYZE;
"""  # noqa: S608 (every part of it is ours)


def main() -> None:
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(_FILL)
    connections.close_all()


if __name__ == "__main__":
    main()
