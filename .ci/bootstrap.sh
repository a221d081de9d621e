#!/bin/sh
# Makes .venv and fills it, once per change of the requirements: `bootstrap.sh run | dev | test`.
# `run` is what the shop needs, `dev` adds the tools, `test` also sees to a Chromium.
set -eu
umask 022

python=${PYTHON:-python3}
venv=${VENV:-.venv}
purpose=${1:-run}

say() { printf '%s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }

need_python() {
    command -v "$python" >/dev/null 2>&1 ||
        fail "Matinee needs Python 3.11 or newer, and there is no $python here: install it, or set PYTHON=/path/to/python3."
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "Matinee needs Python 3.11 or newer, and $python is $("$python" -V 2>&1): set PYTHON=/path/to/a/newer/python3."
    "$python" -c 'import venv, ensurepip' >/dev/null 2>&1 ||
        fail "Python's venv module is missing here: install it (on Debian and Ubuntu: apt install python3-venv), then run make again."
}

make_venv() {
    [ -x "$venv/bin/python" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1 && return
    need_python
    say "Making $venv …"
    "$python" -m venv --clear "$venv" || fail "Python could not make $venv; what it said stands above."
}

# The stamp holds the requirements as they were installed, so that nothing is asked of the network twice.
install() {
    wanted=$1
    stamp=$venv/.installed-$(basename "$wanted")
    cat requirements.txt "$wanted" | cmp -s - "$stamp" && return
    say "Installing $wanted, which takes a minute or two this once …"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$wanted" ||
        fail "The packages of $wanted could not be installed; what pip said stands above. Run make again once that is mended."
    cat requirements.txt "$wanted" >"$stamp"
}

has_any() {
    for name in "$@"; do
        command -v "$name" >/dev/null 2>&1 && return
    done
    return 1
}

has_chromium() {
    [ -n "${CHROMIUM:-}" ] || has_any chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable
}

# Of Debian's Chromium the headless shell will do, and is the quicker one; where there is none, any will.
need_chromium() {
    if [ -z "${CHROMIUM:-}" ] && ! has_any chromium-headless-shell && [ "$(id -u)" = 0 ] && has_any apt-get; then
        say "Installing Chromium's headless shell …"
        apt_install chromium-headless-shell || has_chromium || apt_install chromium || true
    fi
    has_chromium ||
        fail "The tests need a Chromium on the PATH: install it (on Debian: apt install chromium-headless-shell fonts-nanum), or set CHROMIUM=/path/to/it."
}

apt_install() {
    apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
        apt-get -qq install -y --no-install-recommends "$1" fonts-nanum >/dev/null
}

make_venv
install requirements.txt
[ "$purpose" = run ] || install requirements-dev.txt
[ "$purpose" != test ] || need_chromium
