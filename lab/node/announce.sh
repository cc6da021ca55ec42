#!/bin/sh
# Usage: announce.sh PROGRAM [ARGUMENT]...
# Tells on stderr the process id that the program is going to have, and becomes it.
echo "@@ pid $$" >&2
exec "$@"
