#!/usr/bin/env bash
# Makes build/benchmarks: a venv with the rivals that benchmarks/ measures beside Unseen; it sees everything in .venv too.
# pdqhash and vpdq are compiled: they need a C++ compiler, cmake, pkg-config and FFmpeg's headers.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf 'benchmarks: %s\n' "$*" >&2; }

pkg-config --exists libavfilter libavdevice libswscale 2>/dev/null && command -v cmake c++ >/dev/null || {
    say "vpdq and pdqhash cannot be compiled here."
    say "Cure: apt-get install g++ cmake pkg-config libavdevice-dev libavfilter-dev libavformat-dev libavcodec-dev libswscale-dev libswresample-dev"
    exit 1
}
folder=build/benchmarks
.venv/bin/python -m venv --without-pip "$folder"
pip=(.venv/bin/python -m pip)
.venv/bin/python -m pip --version >/dev/null 2>&1 || pip=("${PYTHON:-python3}" -m pip)
site=$("$folder/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
export PIP_DISABLE_PIP_VERSION_CHECK=1
"${pip[@]}" --python "$folder/bin/python" install -qq --requirement benchmarks/requirements.txt
"${pip[@]}" --python "$folder/bin/python" install -qq --no-deps Perception==0.9.3
# After the rivals' own packages come Unseen's: one copy of Unseen, one of NumPy.
printf '%s\n' "$PWD/src" "$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" >"$site/unseen.pth"
say "done: $folder/bin/python -m benchmarks.search"
