# Counts what is in the volume. SETTLE=yes: before, makes an end of what a pass has left behind.
if [ "$SETTLE" = yes ]; then
  as_writer
  trap '' TERM INT
  settle discard || fail Interrupted "an earlier swap could not be finished"
fi
census "$V"
result files "$files"
result bytes "$bytes"
result records "$(records "$V")"
