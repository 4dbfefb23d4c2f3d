# Sourced by deploy/deploy and deploy/service: the environment, its instances, and the log of deployments.
set -euo pipefail

die() { echo "$*" >&2; exit 1; }
say() { echo "$(date -u +%H:%M:%S) $*"; }

# Reads deploy/environments/NAME.env (or the file of that path) and fills in what it leaves out.
load_environment() {
  local file=$1
  [ -f "$file" ] || file=$here/environments/$1.env
  [ -f "$file" ] || die "There is no environment '$1': copy deploy/environments/example.env to deploy/environments/$1.env and fill it in."
  environment=$1
  kind=plain home=/opt/trading silos=1 apis=0 drain=5 settings=() secrets=
  http_port=8080 api_port=8180 silo_port=11111 gateway_port=30000 metrics_port=0
  health_seconds=60 watch_seconds=10 backup_hours=24 max_error_rate=0.01 max_response=1.0 max_decision=0.5
  # shellcheck source=/dev/null
  source "$file"
  case $kind in
    plain | compose) ;;
    *) die "$file: kind is '$kind'; it can be plain or compose." ;;
  esac
  local name
  for name in silos apis drain http_port api_port silo_port gateway_port metrics_port health_seconds watch_seconds backup_hours; do
    [[ ${!name} =~ ^[0-9]+$ ]] || die "$file: $name is '${!name}'; it must be a whole number."
  done
  [ "$silos" -ge 1 ] || die "$file: silos is $silos; there must be one at least."
  # Instances come and go; what they must not lose is in a place of its own.
  [[ $kind = compose || " ${settings[*]} " == *" store:kind=postgres "* || " ${settings[*]} " == *" store:path=/"* ]] \
    || die "$file: settings need store:kind=postgres, or store:path with an absolute path."
  [[ $kind = compose || " ${settings[*]} " == *" store:kind=postgres "* || $((silos + apis)) -eq 1 ]] \
    || die "$file: more than one instance needs store:kind=postgres."
  if [ -n "$secrets" ]; then
    [ -f "$secrets" ] || die "$file: secrets names '$secrets', which does not exist."
    [ "$(stat -c %a "$secrets" | cut -c2-)" = 00 ] || die "$secrets can be read by others: chmod 600 $secrets"
  fi
  mkdir -p "$home/releases" "$home/instances"
  log=$home/deployments.jsonl
  # What deploy/service scale has made of the numbers.
  # shellcheck source=/dev/null
  [ ! -f "$home/scale" ] || source "$home/scale"
  # shellcheck source=/dev/null
  source "$here/lib/$kind.sh"
}

# Every instance by name: silos first, since API processes are clients of them.
instances() {
  local i
  for ((i = 1; i <= silos; i++)); do echo "silo-$i"; done
  for ((i = 1; i <= apis; i++)); do echo "api-$i"; done
}

known_instance() { instances | grep -qx -- "$1" || die "There is no instance '$1'; there are: $(instances | tr '\n' ' ')"; }

# The version that an instance was started with; empty for none.
version_of() { cat "$home/instances/$1/version" 2>/dev/null || true; }

release_of() { echo "$home/releases/$1"; }

# The program of a release, with the settings and secrets of the environment.
program() {
  local version=$1
  shift
  (
    load_secrets
    "$(release_of "$version")/trading" "$@" --set "${settings[@]}"
  )
}

load_secrets() {
  [ -n "$secrets" ] || return 0
  set -a
  # shellcheck source=/dev/null
  source "$secrets"
  set +a
}

# One deployment at a time; a second one is told so.
take_turn() {
  exec 9>"$home/deployment.lock"
  flock -n 9 || die "Another deployment of $environment is under way."
}

# record RESULT REASON: one line of JSON in the log of deployments.
record() {
  printf '{"at":"%s","environment":"%s","version":"%s","before":"%s","by":"%s","seconds":%s,"result":"%s","reason":"%s"}\n' \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$environment" "$version" "$before" "$(id -un)" "$SECONDS" "$1" "$(tr -s '"\\\n\r\t' ' ' <<<"$2" | sed 's/ $//')" >>"$log"
}

# scale_to SILOS APIS: the last ones end first, and each that comes is ready before the next one starts.
scale_to() {
  local name
  for name in $(comm -13 <(wanted "$1" "$2" | sort) <(instances | sort)); do
    say "stops $name"
    stop_instance "$name"
    rm -rf "${home:?}/instances/$name"
  done
  silos=$1 apis=$2
  for name in $(instances); do
    is_running "$name" && continue
    say "starts $name"
    start_instance "$name" "$version"
    wait_healthy "$name" || die "$name did not become ready; see: deploy/service logs $name --environment $environment"
  done
}

wanted() { (silos=$1 apis=$2 instances); }
