#!/usr/bin/env bash
set -euo pipefail
export ANTHROPIC_API_KEY="$(cat /run/credentials/anthropic)"
exec .venv/bin/python -m reviews --since "$(date -d yesterday +%F)"
