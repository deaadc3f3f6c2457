# A complete copy in $S/next becomes the content of the volume, by renames in its root. $S/take-away says that the old entries
# are being moved to $S/old, $S/bring-in that the new ones are being moved to the root; each may be repeated after a kill at
# any point. When nothing is going on there is no $S, but for $S/first after a first pass.

# Runs a command on all entries of a folder but our own.
entries() {
  folder=$1
  shift
  find "$folder" -mindepth 1 -maxdepth 1 ! -path "$S" ! -path "$V/lost+found" -exec "$@" {} +
}
# Whether there is anything in a folder.
holds() { [ -n "$(find "$1" -mindepth 1 -maxdepth 1 ! -path "$S" ! -path "$1/lost+found" | head -c 1)" ]; }
move() { entries "$1" sh -c 'to=$1; shift; mv -- "$@" "$to"' sh "$2/"; }

to_disk() { sync -f "$V" 2> /dev/null || sync; }

# $S/first says that the volume held nothing before the first pass, so that what it holds now is ours; it stays until that pass
# is written down.
clear_up() {
  if [ -e "$S/first" ]; then
    find "$S" -mindepth 1 -maxdepth 1 ! -name first -exec rm -rf {} +
  else
    rm -rf "$S"
  fi
}

bring_in() {
  next=$S/next
  # Moving entries out of it changes its time, so that it is kept by a file.
  [ -e "$S/time" ] || touch -r "$next" "$S/time"
  move "$next" "$V" || return
  chown "$(stat -c %u:%g "$next")" "$V" && chmod "$(stat -c %a "$next")" "$V" || return
  seconds=$(stat -c %Y "$S/time")
  to_disk
  rm "$S/bring-in" && clear_up && touch -d "@$seconds" "$V"
  to_disk
}

# Makes an end of what a pass has left behind: a swap that was begun is finished. "discard" removes what was only prepared.
settle() {
  if [ -e "$S/take-away" ]; then
    mkdir -p "$S/old" && move "$V" "$S/old" && to_disk && mv "$S/take-away" "$S/bring-in" || return
  fi
  if [ -e "$S/bring-in" ]; then bring_in || return; fi
  if [ "$1" = discard ]; then clear_up; fi
}

swap() {
  mv "$1" "$S/next" && to_disk && : > "$S/take-away" && settle discard
}
