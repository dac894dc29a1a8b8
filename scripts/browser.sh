#!/usr/bin/env bash
# Builds the fingerprinting of the reporter's own browser (browser/) into the package's static files, and runs its tests.
# Needs Node.js 18 or later with npm; without them everything else works and the door offers places only.
set -euo pipefail
cd "$(dirname "$0")/../browser"
say() { printf 'browser: %s\n' "$*" >&2; }

command -v node >/dev/null && command -v npm >/dev/null \
    || { say "no Node.js or no npm. Cure: apt-get install nodejs npm, then make browser"; exit 1; }
node -e 'process.exit(process.versions.node.split(".")[0] < 18 ? 1 : 0)' \
    || { say "Node.js $(node --version) is too old. Cure: install 18 or later, then make browser"; exit 1; }

# The lock file holds digests and no addresses: npm takes the packages from the registry that the machine is set up for.
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null \
    || { say "npm could not install what package-lock.json lists. Cure: check the network, then make browser"; exit 1; }
if [ "${1:-}" != --build-only ]; then
    npm run --silent check
    npm run --silent test
fi
npm run --silent build -- --logLevel error
say "built: $(du -sh ../src/unseen/web/static/web/device | cut -f1) in src/unseen/web/static/web/device"
