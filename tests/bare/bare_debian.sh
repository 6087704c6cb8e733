#!/usr/bin/env bash
# bare_debian.sh [-k] [FOLDER [COMMAND...]]: clones this repository's HEAD into a fresh Debian 12 that holds nothing but
# git, and runs COMMAND there (default: ./run). Shows that packages.txt is complete. Needs root, debootstrap and a
# Debian mirror in this machine's apt configuration; takes some minutes and about 3 GB. Not part of ctest.
#
# FOLDER (default /tmp/bare) is made by debootstrap where it is missing and used again where it is there; the clone
# inside is always fresh. -k keeps the tree; without it a tree that this run made is removed at the end.
# Exit status: the command's.
set -euo pipefail

keep=no
[[ ${1-} == -k ]] && { keep=yes; shift; }
tree=${1:-/tmp/bare}
[[ $# -gt 0 ]] && shift
command=("$@")
[[ ${#command[@]} -gt 0 ]] || command=(./run)

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
[[ $(id -u) -eq 0 ]] || { echo "bare_debian.sh: needs root for debootstrap and chroot" >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "bare_debian.sh: needs the package debootstrap" >&2; exit 2; }

made=no
mounted=no
clean_up() {
    [[ $mounted == no ]] || umount "$tree/proc"
    # Never below a mount: a failed umount must not let rm reach the machine's own /proc.
    if [[ $made == yes && $keep == no ]] && ! mountpoint -q "$tree/proc"; then rm -rf "$tree"; fi
}
trap clean_up EXIT

if [[ ! -x $tree/usr/bin/git ]]; then
    made=yes
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' 'Component: main' |
        head -n 1)
    [[ -n $mirror ]] || { echo "bare_debian.sh: apt knows no mirror of bookworm main; run apt-get update" >&2; exit 2; }
    debootstrap --variant=minbase --include=git,ca-certificates bookworm "$tree" "$mirror"
    # Its apt sees the same Debian archives as this machine's, and no others.
    apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        grep -E ' bookworm(-updates|-security)? ' | sort -u >"$tree/etc/apt/sources.list"
    apt-config dump | grep -i '::proxy' >"$tree/etc/apt/apt.conf.d/90proxy" || true
    cp -L /etc/resolv.conf /etc/hosts "$tree/etc/"
    # Certificates that this machine trusts beyond Debian's own.
    cp -L /etc/ssl/certs/ca-certificates.crt "$tree/etc/ssl/certs/ca-certificates.crt"
fi

rm -rf "$tree/root/imspect"
git clone -q --no-hardlinks "file://$repository" "$tree/root/imspect"
mount -t proc proc "$tree/proc"
mounted=yes

# A clean environment: nothing of this machine's but what the shell needs.
env -i HOME=/root TERM="${TERM:-dumb}" LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    chroot "$tree" bash -c 'cd /root/imspect && exec "$@"' bash "${command[@]}"
