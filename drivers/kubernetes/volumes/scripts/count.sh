# Counts what the claim that was made of a snapshot holds, and tells its digest. PREVIOUS: the folder of the point before, or empty.
say "doing counting"
census "$V"
new=$bytes
if [ -n "$PREVIOUS" ]; then
  # shellcheck disable=SC2086
  attend rsync -rlptgoH --dry-run --modify-window=-1 --no-human-readable --stats --exclude=/.switchback --exclude=/lost+found $FLAGS \
    "$V/" "$PREVIOUS/" > "$T/compared" 2>&1 || fail Interrupted "rsync ended with $?: $(tail -n 3 "$T/compared")"
  new=$(sed -n 's/^Total transferred file size: \([0-9]*\).*/\1/p' "$T/compared")
fi
result files "$files"
result bytes "$bytes"
result records "$(records "$V")"
result newBytes "$new"
say "doing reading what the snapshot holds"
result digest "$(digest "$V")"
