#!/usr/bin/env bash
# Builds the kernels in native/ and installs them into .venv. Needs a C++ compiler; without one Unseen works with NumPy.
# The build tools get a venv of their own: their package `ninja` and django-ninja both own the module `ninja`.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf 'native: %s\n' "$*" >&2; }

command -v "${CXX:-c++}" >/dev/null || { say "no C++ compiler ('${CXX:-c++}'). Cure: apt-get install g++, or set CXX"; exit 1; }
tools=build/native-tools
.venv/bin/python -m venv --without-pip "$tools"
pip=(.venv/bin/python -m pip)
.venv/bin/python -m pip --version >/dev/null 2>&1 || pip=("${PYTHON:-python3}" -m pip)

export PIP_DISABLE_PIP_VERSION_CHECK=1
"${pip[@]}" --python "$tools/bin/python" install -qq --require-hashes --only-binary :all: --requirement native/requirements.lock
rm -rf build/native-wheel
PATH="$PWD/$tools/bin:$PATH" "$tools/bin/python" -c '
import sys
from scikit_build_core.build import build_wheel
import os
os.chdir("native")
build_wheel(sys.argv[1])' "$PWD/build/native-wheel" >build/native.log 2>&1 \
    || { say "the kernels could not be built; the reason stands at the end of build/native.log"; exit 1; }
"${pip[@]}" --python .venv/bin/python install -qq --no-deps --no-index --force-reinstall build/native-wheel/*.whl
say "kernels installed: $(.venv/bin/python -c 'import unseen_native; print(unseen_native.kernels())')"
.venv/bin/python -c 'import sys, unseen_native; sys.exit(not unseen_native.jpeg_is_read())' \
    || say "without libjpeg-turbo's headers Pillow decodes every JPEG whole. Cure: apt-get install libjpeg62-turbo-dev, then make native"
