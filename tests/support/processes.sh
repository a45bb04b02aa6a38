# Starting, awaiting and stopping programs. Sourced by tests/run and benches/run, which set $scratch.
# shellcheck shell=bash

port=$((20000 + RANDOM % 10000)) # below the range that the system gives to clients
attended_group=
declare -A pids=() signals=()

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Sets $port to the next port above it on which nobody answers.
free_port() {
  port=$((port + 1))
  while answers "$port"; do port=$((port + 1)); done
}

http_ok() { # PORT PATH
  local status
  exec 3<>"/dev/tcp/127.0.0.1/$1" || return
  printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1:%s\r\n\r\n' "$2" "$1" >&3
  read -r status <&3
  exec 3>&-
  [[ $status == *' 200 '* ]]
}

# Starts COMMAND in a session of its own, with its output in $scratch/NAME.log. It dies with this script, even a killed one.
start() { # NAME SIGNAL COMMAND…
  setsid setpriv --pdeathsig KILL "${@:3}" >"$scratch/$1.log" 2>&1 </dev/null &
  pids[$1]=$!
  signals[$1]=$2
}

# Waits until COMMAND succeeds, as long as the program NAME lives, at most a minute.
await() { # NAME COMMAND…
  local deadline=$((SECONDS + 60))
  until ("${@:2}") >/dev/null 2>&1; do
    if ! kill -0 "${pids[$1]}" 2>/dev/null || ((SECONDS > deadline)); then
      say "$1 does not work:"
      tail -n 20 "$scratch/$1.log" >&2
      exit 1
    fi
    sleep 0.1
  done
}

# Runs COMMAND so that a signal to this script ends it too. On a terminal it stays in the foreground, where Ctrl-C reaches it.
attended() { # COMMAND…
  if [[ -t 0 ]]; then
    "$@"
    return
  fi
  set -m # a process group of its own, which does not ignore interrupts
  "$@" &
  attended_group=$!
  set +m
  local status=0
  wait "$attended_group" || status=$?
  attended_group=
  return "$status"
}

# Sends SIGNAL to the group that PROCESS leads, or to PROCESS alone where it does not lead one yet.
signal_group() { # SIGNAL PROCESS
  kill -s "$1" -- "-$2" 2>/dev/null || kill -s "$1" "$2" 2>/dev/null || true
}

stop() { # NAME…
  local name tries
  for name; do signal_group "${signals[$name]}" "${pids[$name]}"; done
  for name; do
    for ((tries = 0; tries < 100; tries++)); do
      kill -0 "${pids[$name]}" 2>/dev/null || break
      sleep 0.1
    done
    ((tries < 100)) || signal_group KILL "${pids[$name]}"
    wait "${pids[$name]}" 2>/dev/null || true
    unset "pids[$name]"
  done
}

stop_all() {
  [[ -z $attended_group ]] || signal_group TERM "$attended_group"
  stop "${!pids[@]}"
}
