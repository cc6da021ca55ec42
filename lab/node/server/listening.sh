#!/bin/sh
# Usage: listening.sh
# Ends when the node's HTTP server listens: nginx has written its process id then.
until [ -s "${0%/*}/run/nginx.pid" ]; do sleep 0.1; done
