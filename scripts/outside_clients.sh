#!/usr/bin/env bash
# Makes build/threatexchange: a venv with the client that others use, unmodified from the package index, beside our plug-in for it.
# Two of its parts are compiled: that needs a C++ compiler.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=build/threatexchange
stamp=$folder/.made-of
wanted=$(cat scripts/outside_clients.txt scripts/outside_clients.sh)
mkdir -p build
exec 9>build/threatexchange.lock
flock 9 # tests run in several processes
[ -e "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && exit 0
export PIP_DISABLE_PIP_VERSION_CHECK=1
"${PYTHON:-python3}" -m venv "$folder"
"$folder/bin/python" -m pip install -qq --requirement scripts/outside_clients.txt || {
    echo "outside clients: the package index cannot be reached, or there is no C++ compiler. Cure: apt-get install g++" >&2
    exit 1
}
site=$("$folder/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
# As `pip install unseen unseen-threatexchange` would: without the centre's parts.
printf '%s\n' "$PWD/src" "$PWD/integrations/threatexchange" >"$site/unseen.pth"
printf '%s\n' "$wanted" >"$stamp"
