#!/usr/bin/env bash
# Builds the field app: the core for browsers, then the app → app/dist, with compressed files beside each; with
# OUTPOST_WEB_PROFILE=dev sooner, for tests → app/dist-dev.
# Needs Node.js 20.19 or later with npm; what build-core.sh needs it says itself.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
need() { echo "$1" >&2; exit 1; }
{ command -v npm && command -v node; } >/dev/null || need "Node.js 20.19 or later with npm is missing: https://nodejs.org (Debian 13: apt-get install nodejs npm)."
node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' ||
    need "Node.js $(node --version) is too old: 20.19 or later is needed, from https://nodejs.org."
"$here/build-core.sh"
cd "$here/app"
[[ -d node_modules && node_modules -nt package-lock.json ]] || npm ci --no-fund --no-audit
npm run --silent "$([[ ${OUTPOST_WEB_PROFILE:-} == dev ]] && echo build-dev || echo build)"
