#!/bin/sh
# Every step by its name; the first that fails ends the run.
set -eu
bin=${VENV:-.venv}/bin

step() {
    name=$1
    shift
    printf '\n== %s\n' "$name"
    "$@" || { printf '\n== %s FAILED\n' "$name"; exit 1; }
}

# As production would set it, except that the secrets are drawn for this run.
deployment() {
    random=$("$bin/python" -c 'import secrets; print(secrets.token_urlsafe(60))')
    env -i PATH="$PATH" ENV_FILE= DATA_DIR=var/check SITE_URL=https://shop.example SECRET_KEY="$random" \
        HSTS_SUBDOMAINS=1 DATABASE_URL=postgresql://shop:"$random"@db/shop REDIS_URL=redis://broker/0 \
        EMAIL_URL="smtp://shop:$random@mail:587?tls=1" STRIPE_SECRET_KEY="sk_live_$random" \
        STRIPE_PUBLISHABLE_KEY="pk_live_$random" STRIPE_WEBHOOK_SECRETS="whsec_$random" \
        KOLLUS_SECURITY_KEY="$random" KOLLUS_CUSTOM_KEY="$random" \
        SELLER_ADDRESS="1 Harbour Street; Busan" SELLER_REPRESENTATIVE="A. Lee" SELLER_REGISTRATION=123-45-67890 \
        SELLER_COUNTRY=KR SELLER_MAIL_ORDER=2026-Busan-1 SELLER_PHONE="+82 51 000 0000" SELLER_HOST="A host" \
        KOLLUS_PLAYER_CALLBACK_SECRETS="$random" KOLLUS_PLATFORM_CALLBACK_SECRETS="$random" \
        "$bin/python" manage.py check --deploy --fail-level WARNING
}

step "format" "$bin/ruff" format --check --quiet .
step "lint" "$bin/ruff" check --quiet .
step "types" "$bin/mypy" . .ci/translations.py .ci/traffic.py
step "migrations" "$bin/python" manage.py makemigrations --check --dry-run --settings config.settings_test
step "translations" "$bin/python" .ci/translations.py --check
step "deployment" deployment
traffic=var/check/traffic.jsonl
mkdir -p "${traffic%/*}" && rm -f "$traffic"
STRIPE_RECORD=$PWD/$traffic step "tests" make test
step "traffic" "$bin/python" .ci/traffic.py "$traffic"
printf '\n== all steps passed\n'
