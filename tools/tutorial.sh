#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes docs/tutorial.md, or another such page, anew from a run of its own commands, and runs it again as the
# test does.  Prose and commands are yours; what is printed is the program's.
# usage: tutorial.sh PATH/TO/valise [PAGE]
set -eu
VALISE_SOURCE=$(realpath "$(dirname "$0")/..")
VALISE=$(realpath "$1")
PAGE=$(realpath "${2:-$VALISE_SOURCE/docs/tutorial.md}")
export VALISE VALISE_SOURCE PAGE
bash "$VALISE_SOURCE/tests/story/tutorial.sh" --write
bash "$VALISE_SOURCE/tests/story/tutorial.sh" | grep -v '^ok '
