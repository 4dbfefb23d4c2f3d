# What must hold before a deployment and after each instance. Sourced by deploy/deploy and deploy/service.

ask() { curl -fsS --max-time 5 ${TRADING_TOKEN:+-H "Authorization: Bearer $TRADING_TOKEN"} "$@"; }

is_healthy() { ask -o /dev/null "$(address "$1")/health" 2>/dev/null; }

wait_healthy() {
  local i
  for ((i = 0; i < health_seconds * 5; i++)); do
    is_healthy "$1" && return 0
    is_running "$1" || return 1
    sleep 0.2
  done
  return 1
}

# The first instance that answers; nothing where none runs, as before the first deployment.
answering() {
  local name
  for name in $(instances | sort); do
    is_healthy "$name" && { address "$name"; return; }
  done
  return 0
}

# preflight VERSION: every finding at once, each with what to do. Gates in $accepted are passed over.
preflight() {
  findings=()
  gate release release_gate "$1"
  [ ${#findings[@]} -eq 0 ] || return 0 # nothing can be asked of a broken release
  gate settings settings_gate "$1"
  gate schema schema_gate "$1"
  gate backup backup_gate "$1"
  gate breakers breakers_gate
  gate risk risk_gate
}

gate() {
  local name=$1 words
  shift
  [[ " $accepted " != *" $name "* ]] || { say "$name: passed over, as was asked"; return 0; }
  if words=$("$@" 2>&1); then say "$name: ${words:-good}"; else findings+=("$name: $words"); fi
}

# A release that was copied half, or altered, does not start.
release_gate() {
  local release
  release=$(release_of "$1")
  [ -d "$release" ] || { echo "there is no release $1 in $home/releases; build one: deploy/release --version $1 --to $home/releases"; return 1; }
  [ -f "$release/SHA256SUMS" ] || { echo "$release has no SHA256SUMS: it was not copied to its end; copy it again"; return 1; }
  (cd "$release" && sha256sum --quiet -c SHA256SUMS 2>&1) || { echo "$release is not what was built; copy it again"; return 1; }
}

settings_gate() {
  local words
  words=$(program "$1" config validate 2>&1) || { echo "$words"; return 1; }
}

on_postgres() { [[ " ${settings[*]} " == *" store:kind=postgres "* ]]; }

# A database that a newer release has changed is refused by the release itself; one that is older gets its tables before the first
# instance starts.
schema_gate() {
  on_postgres || { echo "one file, which the program checks when it starts"; return 0; }
  database_runs || { echo "no database runs yet: one is started, and gets its tables"; return 0; }
  local words
  words=$(program "$1" database migrate --check 2>&1) && { echo "$words"; return 0; }
  [[ $words == *"trading database migrate"* ]] && { echo "will be migrated"; return 0; }
  echo "$words"
  return 1
}

backup_gate() {
  [ "$backup_hours" -gt 0 ] || { echo "none is asked for"; return 0; }
  [ -n "$(answering)" ] || { echo "nothing runs yet"; return 0; }
  local newest age
  newest=$(program "$1" backup list | head -1 | cut -c1-19)
  [ -n "$newest" ] || { echo "there is no backup; make one: deploy/service backup --environment $environment"; return 1; }
  age=$((($(date -u +%s) - $(date -u -d "$newest" +%s)) / 3600))
  [ "$age" -lt "$backup_hours" ] || { echo "the newest backup is $age hours old; make one: deploy/service backup --environment $environment"; return 1; }
  echo "$age hours old"
}

# no_book PATH PATTERN SENTENCE: fails with the sentence, in which BOOK is its name, where what is said of a book has the pattern, and
# where nothing can be read.
no_book() {
  local api books book said
  api=$(answering)
  [ -n "$api" ] || { echo "nothing runs yet"; return 0; }
  books=$(ask "$api/api/portfolios" 2>&1) || { echo "$books; TRADING_TOKEN must be the token or key of somebody who may read every book"; return 1; }
  for book in $(grep -oE '"[a-z0-9][a-z0-9_-]*"' <<<"$books" | tr -d '"'); do
    said=$(ask "$api$1?portfolio=$book" 2>&1) || { echo "$book cannot be read: $said"; return 1; }
    if grep -q "$2" <<<"$said"; then
      echo "${3//BOOK/$book}"
      return 1
    fi
  done
}

breakers_gate() {
  no_book /api/risk/breakers '"state":"tripped"' 'a breaker of BOOK is tripped: find out why, and reset it, before anything else changes'
}

# A book over a limit is watched by people who must not lose sight of it.
risk_gate() {
  no_book /api/risk/report '"headroom":-' 'BOOK is over one of its limits: trading risk report --portfolio BOOK'
}

# watch INSTANCE: for some seconds it must stay healthy, answer without errors, and decide in time.
watch() {
  local i metrics
  for ((i = 0; i < watch_seconds; i++)); do
    is_healthy "$1" || { echo "$1 is not healthy any more"; return 1; }
    sleep 1
  done
  metrics=$(metrics_of "$1") || { echo "$1 shows no metrics"; return 1; }
  over "$1" error_rate "$(metric error_rate)" "$max_error_rate" || return 1
  over "$1" api_response_time "$(metric api_response_time)" "$max_response" || return 1
  over "$1" "decision_latency_seconds, 99 %" "$(quantile decision_latency_seconds 0.99)" "$max_decision"
}

# over INSTANCE NAME VALUE LIMIT: says so where it is; a value that is not known is not over anything.
over() {
  [ -n "$3" ] || return 0
  awk -v value="$3" -v limit="$4" 'BEGIN { exit !(value <= limit) }' || { echo "$1: $2 is $3, the gate is $4"; return 1; }
}

metric() { awk -v name="$1" '$1 ~ "^" name "({|$)" && $2 > most { most = $2; seen = 1 } END { if (seen) print most }' <<<"$metrics"; }

# The bound of the bucket below which that share lies.
quantile() {
  awk -v name="$1_bucket" -v share="$2" '
    index($1, name "{") == 1 && match($1, /le="[^"]*"/) {
      bound = substr($1, RSTART + 4, RLENGTH - 5)
      if (!(bound in count)) order[++bounds] = bound
      count[bound] += $2
    }
    END {
      total = count["+Inf"]
      for (i = 1; i <= bounds && total > 0; i++)
        if (count[order[i]] >= share * total) { print order[i] == "+Inf" ? 1e9 : order[i]; exit }
    }' <<<"$metrics"
}
