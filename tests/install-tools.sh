#!/usr/bin/env bash
# Installs what the tests run beside Python: Chromium with Japanese fonts, PostgreSQL, npm packages. Says what it cannot.
set -uo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v chromium >/dev/null || missing+=(chromium fonts-noto-cjk)
command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
if [ "${#missing[@]}" -gt 0 ]; then
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq >/dev/null &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
      echo "could not install: ${missing[*]}; the tests that need them will say so"
  else
    echo "please install: ${missing[*]} (as root: apt-get install ${missing[*]}); the tests that need them will say so"
  fi
fi

if command -v npm >/dev/null; then
  (cd tests/foreign/js && npm ci --silent --no-audit --no-fund >/dev/null 2>&1) ||
    echo "could not install the npm packages of tests/foreign/js; the tests that need them will say so"
else
  echo "npm is missing; the tests with foreign software will say so"
fi
exit 0
