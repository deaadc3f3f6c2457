# Makes the recovery point POINT of the volume in the claim of points; files that are as in PREVIOUS are shared with it.
P=/mnt/points
as_writer
building=$P/.building-$POINT
if [ ! -d "$P/$POINT" ]; then
  find "$P" -mindepth 1 -maxdepth 1 -name '.gone-*' -exec rm -rf {} +
  rm -rf "$building"
  say "doing taking a recovery point"
  base=
  if [ -n "$PREVIOUS" ] && [ -d "$P/$PREVIOUS" ]; then base=--link-dest=$P/$PREVIOUS; fi
  # shellcheck disable=SC2086
  attend rsync -rlptgoH --sparse --numeric-ids --no-human-readable --stats --exclude=/.switchback --exclude=/lost+found \
    $base $FLAGS "$V/" "$building/" > "$T/copied" 2>&1
  copied=$?
  case $copied in
    0 | 24) ;;
    *) fail Interrupted "rsync ended with $copied: $(tail -n 3 "$T/copied")" ;;
  esac
  sync -f "$P" 2> /dev/null || sync
  sed -n 's/^Total transferred file size: \([0-9]*\).*/\1/p' "$T/copied" > "$P/.new-$POINT"
  mv "$building" "$P/$POINT"
fi
say "doing counting"
census "$P/$POINT"
result files "$files"
result bytes "$bytes"
result records "$(records "$P/$POINT")"
result newBytes "$(cat "$P/.new-$POINT")"
result digest "$(digest "$P/$POINT")"
