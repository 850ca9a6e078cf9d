#!/usr/bin/env bash
# Installs what the tests run beside Python: Chromium with Japanese fonts, PostgreSQL, nginx, git, poppler, npm packages.
# It ends well in any case and says what it could not install: a test that lacks it is skipped, or fails in CI.
set -uo pipefail
cd "$(dirname "$0")/.."
PATH="$PATH:/usr/sbin"

could_not() { echo "could not install $1: tests that need it are skipped, or fail in CI"; }

missing=()
command -v chromium >/dev/null || missing+=(chromium fonts-noto-cjk)
command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
command -v nginx >/dev/null || missing+=(nginx)
command -v git >/dev/null || missing+=(git)
command -v pdftoppm >/dev/null || missing+=(poppler-utils)
if [ "${#missing[@]}" -gt 0 ]; then
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq >/dev/null
    # One by one, so that one without a source does not keep the others away.
    for package in "${missing[@]}"; do
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null ||
        could_not "$package"
    done
  else
    could_not "${missing[*]} (as root: apt-get install ${missing[*]})"
  fi
fi

if command -v node >/dev/null && command -v npm >/dev/null; then
  (cd tests/foreign/js && npm ci --silent --no-audit --no-fund >/dev/null 2>&1) ||
    could_not "the npm packages of tests/foreign/js"
else
  could_not "the npm packages of tests/foreign/js (they want Node.js and npm)"
fi
exit 0
