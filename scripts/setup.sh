#!/usr/bin/env bash
# Makes .venv with everything in requirements.lock, and Unseen itself in place. Run by `make setup`.
# Needs Python 3.11 or later and pip; no root. A C++ compiler and npm are used where they are there. Nothing outside this folder is changed.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python3}
say() { printf 'setup: %s\n' "$*" >&2; }
stop() { say "$1"; say "Cure: $2"; exit 1; }

command -v "$python" >/dev/null || stop "'$python' was not found." "install Python 3.11 or later, or run: make setup PYTHON=/path/to/python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
    || stop "$("$python" --version) is too old; Unseen needs 3.11 or later." "make setup PYTHON=/path/to/python3.11"

make_venv() {
    if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        "$python" -m venv .venv
    elif "$python" -m pip --version >/dev/null 2>&1 && "$python" -c 'import venv' 2>/dev/null; then
        # Debian ships venv without ensurepip; a pip from outside can fill the folder as well.
        "$python" -m venv --without-pip .venv
    elif command -v virtualenv >/dev/null; then
        virtualenv --quiet --python "$python" .venv
    else
        stop "this Python can make no virtual environment (no ensurepip, no pip, no virtualenv)." \
            "apt-get install python3-venv   (or the like), then make setup again"
    fi
}

venv_works() { .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
if ! venv_works; then
    [ ! -e .venv ] || say ".venv does not work with this Python any more; making it again."
    rm -rf .venv
    make_venv
fi

if .venv/bin/python -m pip --version >/dev/null 2>&1; then
    pip=(.venv/bin/python -m pip)
elif "$python" -m pip --version >/dev/null 2>&1; then
    pip=("$python" -m pip --python .venv/bin/python)
else
    stop "there is no pip, neither in .venv nor for $python." "apt-get install python3-venv, remove .venv, then make setup again"
fi

export PIP_DISABLE_PIP_VERSION_CHECK=1
say "installing what requirements.lock lists, each file checked against its digest (the first time takes a minute)"
"${pip[@]}" install -qq --require-hashes --only-binary :all: --no-binary dkimpy --requirement requirements.lock \
    || stop "an installation step failed; pip's reason stands above." "check the network and pip's configuration, then make setup again"
say "installing Unseen itself, in place"
"${pip[@]}" install -qq --no-deps --no-build-isolation --editable . \
    || stop "Unseen could not be installed in place; pip's reason stands above." "check the network, then make setup again"
if command -v "${CXX:-c++}" >/dev/null; then
    say "building the kernels (a minute; without them Unseen works with NumPy)"
    bash scripts/native.sh || say "going on without kernels: everything works, searching a large bank is slower"
fi
if command -v npm >/dev/null; then
    say "building what fingerprints pictures on a reporter's device (half a minute)"
    bash scripts/browser.sh --build-only || say "going on without it: reporters can give places, but no fingerprints"
else
    say "no npm: reporters can give places, but no fingerprints. Cure: apt-get install nodejs npm, then make browser"
fi
say "compiling the translations"
.venv/bin/python -m unseen.config.languages
.venv/bin/python -m compileall -q src/unseen
say "done: .venv/bin/unseen --help"
