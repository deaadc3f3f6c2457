# What is in a volume. Names may hold anything but NUL. What Switchback and the file system keep in the root is left out.
kept() {
  find . \( -path ./.switchback -o -path ./lost+found \) -prune -o "$@" -print0 | LC_ALL=C sort -z
}

# Sets files (regular files and symbolic links) and bytes (of regular files).
census() {
  bytes=$(cd "$1" && kept -type f | xargs -0 -r stat -c %s -- 2> /dev/null | awk '{ sum += $1; n += 1 } END { printf "%.0f %.0f", sum, n }')
  links=$(cd "$1" && kept -type l | tr -dc '\000' | wc -c)
  files=$((${bytes#* } + links))
  bytes=${bytes% *}
}

# Whether a file takes a page less on the disk than it is long, as one with holes does.
sparse() {
  [ -n "$(cd "$1" && kept -type f | xargs -0 -r stat -c '%b %B %s' -- 2> /dev/null | awk '$1 * $2 + 4096 <= $3 { print "yes"; exit }')" ]
}

# The complete lines of the marker file.
records() {
  if [ -f "$1/$MARKER" ]; then tr -dc '\n' < "$1/$MARKER" | wc -c; else echo 0; fi
}

# The SHA-256 of each file that standard input names. Of an image that has openssl it is the one that computes: many tools
# called sha256sum leave what the processor has for it unused, and take five times as long. Both tell the same.
sums() {
  if command -v openssl > /dev/null; then
    xargs -0 -r openssl dgst -sha256 -r | sed 's/^\([0-9a-f]\{64\}\) \*/\1  /'
  else
    xargs -0 -r sha256sum --
  fi
}

# A SHA-256 over names, over kinds, modes and owners, over contents, and over where links lead, all in the order of the names:
# the names, which stand alone, tell how the other three are to be read. What cannot be read is told instead of a digest.
digest() {
  (
    cd "$1" || exit
    errors=$(mktemp)
    {
      kept \( -type d -o -type f -o -type l \) | sha256sum
      kept \( -type d -o -type f -o -type l \) | xargs -0 stat -c '%f %u %g' -- | sha256sum
      kept -type f | sums | sha256sum
      kept -type l | xargs -0 -r sh -c 'for link; do readlink -n -- "$link" && printf "\\000"; done' sh | sha256sum
    } 2> "$errors" | sha256sum | cut -c1-64 > "$errors.digest"
    if [ -s "$errors" ]; then printf 'unread: %s\n' "$(head -n 1 "$errors")"; else cat "$errors.digest"; fi
    rm -f "$errors" "$errors.digest"
  )
}
