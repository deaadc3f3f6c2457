# Makes the root folder of a pod and becomes its command in it. Run in mount and process namespaces of their own, so that
# nothing of it is seen outside, and nothing is left of it when its processes have ended. The environment is the pod's.
#   sh pod-root.sh FOLDER IMAGE [SOURCE TARGET ro|rw]... -- [OPTION of setpriv]... -- COMMAND...
set -e
pod_path=${PATH-}
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 022
cd "$1"
image=$2
shift 2

# /proc is still the one of outside: here stands by which id the world knows the first process of the pod.
read -r pid _ < /proc/self/stat
echo "$pid" > pid.new
mv pid.new pid

# What the pod writes to its root is kept in memory, and the image stays as it is.
mkdir -p written root
mount -t tmpfs -o mode=755 pod written
mkdir written/upper written/work
mount -t overlay -o "lowerdir=$image,upperdir=written/upper,workdir=written/work" pod root
mkdir -p root/proc root/dev
mount -t proc proc root/proc
mount -t tmpfs -o mode=755 devices root/dev
for device in null zero full random urandom tty; do
  : > "root/dev/$device"
  mount --bind "/dev/$device" "root/dev/$device"
done
ln -s /proc/self/fd root/dev/fd
ln -s /proc/self/fd/0 root/dev/stdin
ln -s /proc/self/fd/1 root/dev/stdout
ln -s /proc/self/fd/2 root/dev/stderr

while [ "$1" != -- ]; do
  if [ -d "$1" ]; then
    mkdir -p "root$2"
  else
    mkdir -p "$(dirname "root$2")"
    : > "root$2"
  fi
  mount --bind "$1" "root$2"
  if [ "$3" = ro ]; then mount -o remount,bind,ro "root$2"; fi
  shift 3
done
shift

privileges=
while [ "$1" != -- ]; do
  privileges="$privileges $1"
  shift
done
shift

setpriv=$(command -v setpriv)
chroot=$(command -v chroot)
PATH=$pod_path
# shellcheck disable=SC2086
exec "$setpriv" $privileges "$chroot" root "$@"
