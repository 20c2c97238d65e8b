# What a session of the manual knows before the first block of its page.
set -Eeuo pipefail
trap 'printf "\nline %s: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR
trap 'jobs -p | xargs -r kill 2> /dev/null || true' EXIT

# The programs of this folder go before those of the machine.
CURL=$(command -v curl)
export CURL
PATH=$(cd ../bin && pwd):$PATH

expected= # "refused" in a block in which the service has to refuse a request
export expected

begin_block() { # LINE [refused]
  end_block
  printf '\036%s\n' "$1"
  expected=${2:-}
  : > "$REFUSALS"
}

end_block() {
  if [ -n "$expected" ] && [ ! -s "$REFUSALS" ]; then
    echo "The block says that the service refuses a request; the service refused none."
    exit 1
  fi
  expected=
}
