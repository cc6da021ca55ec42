#!/bin/bash
# Usage: shell.sh
# Runs one command after the other: reads a line of shell, and what that is to read, each ended by a NUL, and says on both of its outputs
# when it has ended. These are ended by a line of their own, so that what a command prints stays as it is, last line end or not.
#
# Under emulation to start a shell costs more than what most of these scripts do. So the lab's own that would be started in a shell of
# their own run in a copy of this one; but not those that ask for their process id, which a copy cannot tell by `$$`.

# Becomes the command.
become() {
  eval "set -- $1"
  if [[ $1 == sh && ${2-} == -exc ]]; then
    set -ex
    eval "$3"
    exit
  fi
  if [[ $1 == kill ]]; then
    kill "${@:2}"
    exit
  fi
  # Since bash 5 a script's name can be told to it.
  if [[ ($1 == sh || $1 == bash) && ${2-} =~ ^/lab/(collect|known|load-rules|zero)\.sh$ ]] && ((BASH_VERSINFO[0] >= 5)); then
    # shellcheck disable=SC2034 # bash's own: it becomes $0.
    BASH_ARGV0=$2
    shift
    # shellcheck disable=SC1090
    source "$1" "${@:2}"
    exit
  fi
  exec "$@"
}

while IFS= read -r -d '' command && IFS= read -r -d '' input; do
  if [[ -z $input ]]; then
    (become "$command") </dev/null
  else
    (become "$command") < <(printf %s "$input")
  fi
  code=$?
  printf '\n@@ ended %d\n' "$code"
  printf '\n@@ ended %d\n' "$code" >&2
done
