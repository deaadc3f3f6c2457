# Begins every script of a mover pod. PASS is the pass that the pod belongs to, WRITER the one that the record of the volume
# names. T is for keys and for what need not be kept; RESULT is read by the worker: one "key value" a line, at most 4 KB.
umask 077
V=/mnt/volume
S=$V/.switchback
T=/mnt/tmp
RESULT=/dev/termination-log
child=

say() { printf '%s\n' "$*"; }
result() { printf '%s %s\n' "$1" "$2" >> "$RESULT"; }

# The worker knows the code; what people read are the lines below it.
fail() {
  result failed "$1"
  shift
  result saw "$(printf '%s' "$*" | tr '\n\t' '  ' | cut -c1-1500)"
  say "$*"
  exit 1
}

# Whatever is being done ends when the pod is told to end, which a shell would only notice afterwards.
attend() {
  "$@" &
  child=$!
  wait "$child"
  code=$?
  child=
  return "$code"
}
stopped() {
  if [ -n "$child" ]; then kill "$child" 2> /dev/null; wait "$child"; fi
  exit 143
}
trap stopped TERM INT

# A pod that was asked for late, or that another pass has overtaken, writes nothing.
as_writer() {
  [ "$WRITER" = "$PASS" ] || fail Stale "pass $PASS may not write: the volume is being written by $WRITER"
}
