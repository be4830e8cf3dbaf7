#!/usr/bin/env bash
# granian 2.8.7: `--uds-permissions 600` makes a socket that its own owner can't connect to.
#
# The help names the option's value an octal integer. Without a leading zero it is read as a decimal one: 600 is 1130 in
# octal, so the socket gets the sticky bit, --x for its owner, -wx for the group and nothing for others. A web server in
# front that runs as the same user is refused ("Permission denied") and answers 502 to everything; as root, where no
# permission is asked, all of it works, so that a test in a container sees nothing. With `0600` it is as expected.
#
# Exits 0 while it behaves so, 1 when that has changed.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check granian==2.8.7
cat >"$folder/answer.py" <<'PYTHON'
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"here"]
PYTHON
cd "$folder"
mode_of() { # the permissions of the socket that granian makes for this value of the option
  venv/bin/granian answer:application --interface wsgi --uds web.sock --uds-permissions "$1" --log-level error &
  server=$!
  for _ in $(seq 100); do [ -S web.sock ] && break; sleep 0.1; done
  sleep 1
  stat --format %a web.sock
  kill "$server"
  wait "$server" 2>/dev/null || true
  server=
  rm -f web.sock
}
plain=$(mode_of 600)
zero=$(mode_of 0600)
echo "granian 2.8.7: --uds-permissions 600 gives $plain, 0600 gives $zero"
[ "$plain" = 1130 ] && [ "$zero" = 600 ]
# Seen: granian 2.8.7: --uds-permissions 600 gives 1130, 0600 gives 600
