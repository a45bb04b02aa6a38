# The servers that tests run on. Sourced by tests/run and benches/run, which set $scratch.
# shellcheck shell=bash

garage_version=2.5.0
cache=${LYCEUM_TEST_CACHE:-$HOME/.cache/lyceum-tests}
garage=$cache/garage-$garage_version/bin/garage

random_hex() { od -An -v -N "$1" -tx1 /dev/urandom | tr -d ' \n'; } # BYTES

# Starts all servers and exports where they are.
start_services() {
  chmod 711 "$scratch" # PostgreSQL's user passes through
  start_postgres
  start_redis
  start_smtp
  start_garage
}

start_postgres() {
  local data=$scratch/postgres programs owner=() settings
  programs=$(postgres_programs)
  mkdir -m 700 "$data"
  if ((EUID == 0)); then # PostgreSQL refuses to run as root
    owner=(setpriv --reuid postgres --regid postgres --clear-groups --pdeathsig KILL) # said again: a change of user ends it
    chown postgres: "$data"
  fi
  # A linguistic collation, as most servers have: what must sort by bytes has to say so.
  (cd / && "${owner[@]}" "$programs/initdb" -D "$data" -U postgres --auth=trust --no-sync -E UTF8 --locale=C.UTF-8 \
    --locale-provider=icu --icu-locale=und) >"$scratch/initdb.log"
  free_port
  settings=(-c listen_addresses=127.0.0.1 -c port="$port" -c unix_socket_directories= -c max_connections=200
    -c fsync=off -c full_page_writes=off) # nothing here outlives the machine
  start postgres QUIT "${owner[@]}" "$programs/postgres" -D "$data" "${settings[@]}"
  await postgres "$programs/pg_isready" -h 127.0.0.1 -p "$port"
  export LYCEUM_TEST_DATABASE_URL=postgres://postgres@127.0.0.1:$port/postgres
}

start_redis() {
  free_port
  start redis TERM redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no --dir "$scratch"
  await redis redis-cli -p "$port" ping
  export LYCEUM_TEST_REDIS_URL=redis://127.0.0.1:$port
}

# Mail arrives as files in a Maildir.
start_smtp() {
  free_port
  start smtp TERM /usr/bin/python3 -m aiosmtpd -n -u -l "127.0.0.1:$port" -c aiosmtpd.handlers.Mailbox "$scratch/mail"
  await smtp answers "$port"
  export LYCEUM_TEST_SMTP_URL=smtp://127.0.0.1:$port LYCEUM_TEST_MAILDIR=$scratch/mail
}

# Builds garage beside everything else, unless the cache has it.
begin_garage_build() {
  [[ -x $garage ]] || start garage-build TERM tests/support/build-garage "$garage_version" "$cache"
}

await_garage_build() {
  [[ -n ${pids[garage-build]:-} ]] || return 0
  say "Building garage, once, into $cache"
  while kill -0 "${pids[garage-build]}" 2>/dev/null; do
    printf '%s crates compiled\n' "$(grep -c Compiling "$scratch/garage-build.log")" >&2
    sleep 10
  done
  unset 'pids[garage-build]'
  [[ -x $garage ]] || { tail -n 20 "$scratch/garage-build.log" >&2; exit 1; }
}

start_garage() {
  local folder=$scratch/garage rpc id secret bucket=lyceum-test
  await_garage_build
  mkdir "$folder"
  id=GK$(random_hex 12) secret=$(random_hex 32)
  free_port && rpc=$port
  free_port
  cat >"$folder/garage.toml" <<TOML
metadata_dir = "$folder/meta"
data_dir = "$folder/data"
db_engine = "sqlite"
replication_factor = 1
rpc_bind_addr = "127.0.0.1:$rpc"
rpc_public_addr = "127.0.0.1:$rpc"
rpc_secret = "$(random_hex 32)"

[s3_api]
s3_region = "garage"
api_bind_addr = "127.0.0.1:$port"
TOML
  start garage TERM env GARAGE_DEFAULT_BUCKET=$bucket GARAGE_DEFAULT_ACCESS_KEY="$id" GARAGE_DEFAULT_SECRET_KEY="$secret" \
    "$garage" -c "$folder/garage.toml" server --single-node --default-bucket
  await garage answers "$port"
  export LYCEUM_TEST_S3_ENDPOINT=http://127.0.0.1:$port LYCEUM_TEST_S3_REGION=garage
  export LYCEUM_TEST_S3_BUCKET=$bucket LYCEUM_TEST_S3_BUCKET_PREFIX=$bucket # the key may create buckets
  export LYCEUM_TEST_S3_ACCESS_KEY_ID=$id LYCEUM_TEST_S3_SECRET_ACCESS_KEY=$secret
}
