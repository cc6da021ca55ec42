#!/bin/sh
# The realserver's main process: nginx on LVS_LAB_PORT, naming itself LVS_LAB_NAME.
set -eu
sed -e "s/@PORT@/${LVS_LAB_PORT:-80}/" -e "s/@NAME@/${LVS_LAB_NAME:-realserver}/" /lab/nginx.conf.in >/lab/nginx.conf
ulimit -n 131072 2>/dev/null || true
exec nginx -c /lab/nginx.conf -g 'daemon off;'
