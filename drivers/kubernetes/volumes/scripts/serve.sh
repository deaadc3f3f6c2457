# Gives SOURCE away over SSH to the one key in the Secret, which may run rsync to read it, and the digest, and nothing else.
mkdir -p -m 755 /run/sshd
cp /mnt/keys/host "$T/host"
cat > "$T/gate" << 'GATE'
set -f
case "$SSH_ORIGINAL_COMMAND" in
  *[!A-Za-z0-9\ ./,=_-]*) ;;
GATE
cat >> "$T/gate" << GATE
  hello) . "$T/tree"; if sparse "$SOURCE"; then echo hello sparse; else echo hello; fi; exit ;;
  digest) . "$T/tree"; digest "$SOURCE"; exit ;;
  'rsync --server --sender '*' . $SOURCE/') exec \$SSH_ORIGINAL_COMMAND ;;
GATE
cat >> "$T/gate" << 'GATE'
esac
echo "refused: $SSH_ORIGINAL_COMMAND" >&2
exit 1
GATE
printf '%s' "$TREE" > "$T/tree"
printf 'command="sh %s/gate",restrict %s\n' "$T" "$(cat /mnt/keys/authorized)" > "$T/authorized"
cat > "$T/sshd" << SSHD
Port 2222
ListenAddress $ADDRESS
HostKey $T/host
AuthorizedKeysFile $T/authorized
AuthenticationMethods publickey
PermitRootLogin forced-commands-only
AllowUsers root
StrictModes no
PidFile none
LoginGraceTime 30
ClientAliveInterval 15
SSHD
exec /usr/sbin/sshd -D -e -f "$T/sshd"
