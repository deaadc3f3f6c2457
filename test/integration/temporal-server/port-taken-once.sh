#!/bin/sh
# Starts the server SERVER. Of the first start, which leaves the file FIRST behind, something else has taken a port meanwhile: its own,
# or that of a part of it. It panics over either.
echo starting
if [ -e "$FIRST" ]; then exec "$SERVER" "$@"; fi
touch "$FIRST"
echo '{"level":"ERROR","msg":"Failed to start gRPC listener","error":"listen tcp: bind: address already in use"}'
echo 'panic: runtime error: invalid memory address or nil pointer dereference'
for goroutine in 1 2 3 4 5; do
  printf '\ngoroutine %s [running]:\nmain.main()\n\tmain.go:18 +0x96\nmain.run()\n\tmain.go:83 +0x89\n' "$goroutine"
done
exit 2
