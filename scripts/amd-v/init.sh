#!/bin/sh
# PID 1 of the test machine: the host's file system under a throw-away layer, then one command in it.
# Ports (scripts/amd-v/machine.mjs): 1 standard output, 2 standard error, 3 how far we are and the exit status.
export PATH=/bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev

# Without a final status on port 3 the host reports the last lines of the console: so say why there.
fail() {
  echo "init: $1" >/dev/console
  poweroff -f
}

while read -r module; do
  insmod "/modules/$module" || fail "cannot load $module"
done </modules/order

ports=""
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  ports=$(echo /dev/vport*p3)
  [ -c "$ports" ] && break
  sleep 0.2
done
[ -c "$ports" ] || fail "the virtio ports did not appear"
port=${ports%3}

mkdir -p /lower /layer /merged
mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=512000 root /lower || fail "cannot mount the host's files"
mount -t tmpfs -o mode=755 tmpfs /layer || fail "cannot mount a tmpfs"
mkdir /layer/upper /layer/work
mount -t overlay -o lowerdir=/lower,upperdir=/layer/upper,workdir=/layer/work overlay /merged || fail "cannot mount the overlay"

mount -t proc proc /merged/proc
mount -t sysfs sysfs /merged/sys
mount -t devtmpfs dev /merged/dev
mkdir -p /merged/dev/pts /merged/dev/shm
mount -t devpts -o ptmxmode=666 devpts /merged/dev/pts
mount -t tmpfs -o mode=1777 shm /merged/dev/shm
ln -s /proc/self/fd /merged/dev/fd
ip link set lo up
cp /command /merged/.amd-v-command || fail "cannot write to the overlay"

read -r uptime rest </proc/uptime
echo "up $uptime" >"${port}3"
chroot /merged /bin/sh /.amd-v-command </dev/null >"${port}1" 2>"${port}2"
echo "exit $?" >"${port}3"
poweroff -f
