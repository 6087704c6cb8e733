# Sourced by ./run and ./test: what both need before they can differ. Messages go to stderr, so that stdout is the
# program's own.

say() { printf '\n== %s\n' "$*" >&2; }

# require_packages GROUP...: installs the packages of packages.txt in these groups that are missing. Without root it
# prints the line to run instead, and fails only where something is missing.
require_packages() {
    local group name missing=()
    if ! command -v dpkg-query >/dev/null; then
        say "Not a Debian system: expecting the equivalents of packages.txt to be installed"
        return 0
    fi
    while read -r group name; do
        [[ " $* " == *" $group "* ]] || continue
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || missing+=("$name")
    done < <(sed 's/#.*//; /^[[:space:]]*$/d' packages.txt)
    [[ ${#missing[@]} -gt 0 ]] || return 0
    if [[ $(id -u) -ne 0 ]]; then
        printf 'Packages are missing. Run this line, then this script again:\n\n    sudo apt-get install --no-install-recommends -y %s\n' \
            "${missing[*]}" >&2
        return 1
    fi
    say "Installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    # The lists of a fresh system are empty or stale; asking for them first costs seconds, failing half-way costs more.
    apt-get update -q >&2 && apt-get install --no-install-recommends -y -q "${missing[@]}" >&2
}

# build FOLDER TARGETS CMAKE-ARGUMENT...: configures and builds; TARGETS is a list in one word, e.g. "imspect".
build() {
    local folder=$1 targets=$2
    shift 2
    say "Building $folder ($targets)"
    # shellcheck disable=SC2086 # targets are words
    cmake -S . -B "$folder" -G Ninja "$@" >&2 && cmake --build "$folder" -j "$(nproc)" --target $targets >&2
}
