# Copies SOURCE, a folder of this pod or, with HOST and PORT, of the pod that serves it over SSH, and makes the copy the content
# of the volume. PROVE=yes: after proof that both are equal. EXPECTED: the digest that the copy must have. BANDWIDTH: KiB a
# second, or empty. FLAGS: more options for rsync, separated by blanks. CONNECT: seconds to wait for the other pod.
# ONLY_ONTO_NOTHING=yes: a volume that holds something is left alone, NEVER_NOTHING=yes: also when the source holds nothing.
as_writer
set -f

write_ssh() {
  cp /mnt/keys/key "$T/key"
  cat > "$T/ssh" << SSH
#!/bin/sh
exec ssh -F none -p "$PORT" -i "$T/key" -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=yes \\
  -o HostKeyAlias=source -o UserKnownHostsFile=/mnt/keys/known_hosts -o GlobalKnownHostsFile=/dev/null -o LogLevel=ERROR \\
  -o ConnectTimeout=10 -o ServerAliveInterval=10 -o ServerAliveCountMax=6 "\$@"
SSH
  chmod 700 "$T/ssh"
}

connect() {
  say "doing connecting to $HOST port $PORT"
  until=$(($(date +%s) + CONNECT))
  while ! attend "$T/ssh" "root@$HOST" hello > "$T/hello" 2>&1; do
    case "$(cat "$T/hello")" in
      *'Host key verification failed'* | *'Permission denied'*) break ;;
    esac
    if [ "$(date +%s)" -ge "$until" ]; then break; fi
    attend sleep 0.2
  done
  case "$(cat "$T/hello")" in
    hello) ;;
    'hello sparse') holes=--sparse ;;
    *) fail Unconnected "no way to $HOST port $PORT: $(tail -n 1 "$T/hello")" ;;
  esac
}

# holes: --sparse when the source has files with holes, because looking for them takes as long again as copying.
# Into a folder of its own, never onto files that other folders share: their modes and times would change as well.
copy() {
  into=$S/next-$PASS$1
  mkdir -p "$into" "$S/partial"
  base="--link-dest=$V"
  for folder in left "next-$PASS"; do
    if [ -d "$S/$folder" ] && [ "$S/$folder" != "$into" ]; then base="$base --link-dest=$S/$folder"; fi
  done
  from=$SOURCE/
  if [ -n "$HOST" ]; then from=root@$HOST:$SOURCE/; fi
  if [ -n "$BANDWIDTH" ]; then base="$base --bwlimit=$BANDWIDTH"; fi
  mkfifo "$T/said" 2> /dev/null
  tee "$T/copied" < "$T/said" &
  said=$!
  # A window of -1 compares times to the nanosecond: a file may be written twice within a second, and keep its size.
  # shellcheck disable=SC2086
  attend rsync -rlptgoH $holes --modify-window=-1 --numeric-ids --no-human-readable --stats --info=progress2,nonreg2 \
    --outbuf=L --timeout=120 "--partial-dir=$S/partial" --exclude=/.switchback --exclude=/lost+found -e "$T/ssh" $2 $base $FLAGS \
    "$from" "$into/" > "$T/said" 2>&1
  copied=$?
  wait "$said"
  # 24: files went away while they were being copied, as they do where an application runs.
  case $copied in
    0 | 24) ;;
    *) fail Interrupted "rsync ended with $copied: $(tr '\r' '\n' < "$T/copied" | grep -v '^ ' | tail -n 3)" ;;
  esac
}

figure() { tr '\r' '\n' < "$T/copied" | sed -n "s/^$1: \([0-9]*\).*/\1/p" | head -n 1; }

# Both sides at the same time; the digest of a point is known since it was taken. The copy goes to the disk meanwhile, which
# the swap would wait for.
prove() {
  say "doing comparing the content of both sides"
  to_disk &
  theirs=$EXPECTED
  if [ "$PROVE" = yes ]; then
    if [ -n "$HOST" ]; then "$T/ssh" "root@$HOST" digest > "$T/theirs" 2>&1 & else digest "$SOURCE" > "$T/theirs" & fi
    asked=$!
  fi
  attend digest "$1" > "$T/ours"
  if [ "$PROVE" = yes ]; then
    child=$asked
    wait "$asked"
    child=
    theirs=$(tail -n 1 "$T/theirs")
  fi
  ours=$(cat "$T/ours")
  [ "$ours" = "$theirs" ] && [ "${#ours}" = 64 ]
}

# Names of what is no folder, one a line.
plain() { (cd "$1" && kept \( -type f -o -type l \) | tr '\n\000' '\001\n'); }

if [ -z "$ONLY_ONTO_NOTHING" ]; then
  rm -f "$S/first"
elif [ ! -e "$S/first" ] && holds "$V"; then
  fail Unclaimed "the volume holds data that nobody has claimed; when they may go, empty it or make its claim anew"
else
  mkdir -p "$S" && : > "$S/first"
fi
[ -z "$HOST" ] || write_ssh
settle keep || fail Interrupted "an earlier swap could not be finished"
# Of earlier passes that were interrupted, what the last one has copied is used again.
for folder in $(ls -t "$S" 2> /dev/null | grep '^next-'); do
  if [ "$folder" = "next-$PASS" ]; then continue; fi
  if [ -e "$T/used" ]; then rm -rf "${S:?}/$folder"; continue; fi
  : > "$T/used"
  rm -rf "$S/left"
  mv "$S/$folder" "$S/left"
done
holes=
if [ -n "$HOST" ]; then
  connect
else
  [ -d "$SOURCE" ] || fail Missing "$SOURCE is not there"
  if sparse "$SOURCE"; then holes=--sparse; fi
fi

say "doing copying"
copy '' ''
made=$S/next-$PASS
changed=$(figure 'Number of regular files transferred')
changed_bytes=$(figure 'Total transferred file size')
sent=$(figure 'Total bytes received')
skipped=$(tr '\r' '\n' < "$T/copied" | grep -c '^skipping non-regular file')
if [ "$PROVE" = yes ] || [ -n "$EXPECTED" ]; then
  if ! prove "$made"; then
    say "doing copying again, comparing the content of every file"
    copy -again --checksum
    made=$made-again
    changed=$((changed + $(figure 'Number of regular files transferred')))
    sent=$((sent + $(figure 'Total bytes received')))
    prove "$made" || fail Mismatch "source $theirs, copy $ours"
  fi
fi
if [ -n "$NEVER_NOTHING" ] && holds "$V" && ! holds "$made"; then
  fail Unclaimed "the volume has data, and the source has none"
fi
census "$made"
deleted=$({ plain "$V"; plain "$made"; plain "$made"; } | LC_ALL=C sort | uniq -u | wc -l)
say "doing making the copy current"
# Once it is begun it is finished: it takes no longer than the renames in one folder.
trap '' TERM INT
swap "$made" || fail Interrupted "the copy could not be made current; the next pass finishes it"
for pair in "files $files" "bytes $bytes" "changed $changed" "changedBytes $changed_bytes" "sent $sent" "skipped $skipped" \
  "deleted $deleted" "records $(records "$V")" ${PROVE:+"source $theirs" "target $ours"}; do
  result "${pair%% *}" "${pair#* }"
done
