#!/usr/bin/env bash
# Builds the field app: the core for browsers, then the app → app/dist, with compressed files beside each.
# Needs Node.js 20 or later with npm; what build-core.sh needs it says itself.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
command -v npm >/dev/null || { echo "Node.js 20 or later with npm is missing: https://nodejs.org (Debian: apt-get install nodejs npm)." >&2; exit 1; }
"$here/build-core.sh"
cd "$here/app"
[[ -d node_modules && node_modules -nt package-lock.json ]] || npm ci --no-fund --no-audit
npm run --silent build
