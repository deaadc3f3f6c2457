# Makes the recovery point POINT of the volume in the claim of points; files that are as in PREVIOUS are shared with it.
# SETTLE=yes: before, makes an end of what a pass has left behind in the volume.
P=/mnt/points
as_writer
if [ "$SETTLE" = yes ]; then settle discard || fail Interrupted "an earlier swap could not be finished"; fi
building=$P/.building-$POINT
if [ ! -d "$P/$POINT" ]; then
  find "$P" -mindepth 1 -maxdepth 1 -name '.building-*' -exec rm -rf {} +
  say "doing taking a recovery point"
  base=
  if [ -n "$PREVIOUS" ] && [ -d "$P/$PREVIOUS" ]; then base=--link-dest=$P/$PREVIOUS; fi
  # shellcheck disable=SC2086
  attend rsync -rlptgoH --sparse --modify-window=-1 --numeric-ids --no-human-readable --stats --exclude=/.switchback \
    --exclude=/lost+found $base $FLAGS "$V/" "$building/" > "$T/copied" 2>&1
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
