#!/bin/sh
# Starts the server SERVER. Of the first start, which leaves the file FIRST behind, something else has taken a port meanwhile: that of
# the server itself, which panics over it, or, with PART set, that of a part of it, without which it goes on.
echo starting
if [ -e "$FIRST" ]; then exec "$SERVER" "$@"; fi
touch "$FIRST"
echo '{"level":"ERROR","msg":"Failed to start gRPC listener","error":"listen tcp: bind: address already in use"}'
if [ -n "$PART" ]; then exec "$SERVER" "$@"; fi
echo 'panic: runtime error: invalid memory address or nil pointer dereference'
for goroutine in 1 2 3 4 5; do
  printf '\ngoroutine %s [running]:\nmain.main()\n\tmain.go:18 +0x96\nmain.run()\n\tmain.go:83 +0x89\n' "$goroutine"
done
exit 2
