# Instances that are containers of deploy/docker-compose.yml. Sourced by common.sh where kind=compose; what gates.sh says of processes is
# said of containers here. A release is the image trading:VERSION; home has the log, and which container is which instance.

project=${project:-trading}
gateway=${gateway:-https://127.0.0.1:8443}
source "$here/lib/engine.sh"

# Containers have numbers that only grow, so which is which instance is written down.
container_of() { cat "$home/instances/$1/container" 2>/dev/null || true; }

state_of() { docker inspect -f "$2" "$(container_of "$1")" 2>/dev/null || true; }
is_running() { [ "$(state_of "$1" '{{.State.Running}}')" = true ]; }
is_healthy() { [ "$(state_of "$1" '{{.State.Health.Status}}')" = healthy ]; }
address() { echo "$gateway"; }
metrics_of() { docker exec "$(container_of "$1")" curl -fsS --max-time 5 http://127.0.0.1:8000/metrics; }

ask() { curl -fsS --max-time 5 --cacert "$here/secrets/tls.crt" ${TRADING_TOKEN:+-H "Authorization: Bearer $TRADING_TOKEN"} "$@"; }

release_gate() {
  docker image inspect "trading:$1" >/dev/null 2>&1 \
    || { echo "there is no image trading:$1; build it: docker build -f deploy/Dockerfile --build-arg VERSION=$1 -t trading:$1 ."; return 1; }
}

on_postgres() { true; }
database_runs() { [ -n "$(compose ps -q postgres 2>/dev/null)" ]; }

program() {
  local version=$1
  shift
  TRADING_VERSION=$version run_once "$@"
}

install_release() {
  local service
  TRADING_VERSION=$1 compose up -d --no-recreate postgres redis gateway
  for service in postgres redis; do wait_container "$(compose ps -q "$service")" "$health_seconds"; done
}

containers_of_service() { compose ps -q "$1" | sort; }

start_instance() {
  local service=${1%-*} before after
  mkdir -p "$home/instances/$1"
  before=$(containers_of_service "$service")
  TRADING_VERSION=$2 compose up -d --no-deps --no-recreate --scale "$service=$(($(wc -w <<<"$before") + 1))" "$service"
  after=$(containers_of_service "$service")
  comm -13 <(echo "$before") <(echo "$after") | tail -1 >"$home/instances/$1/container"
  echo "$2" >"$home/instances/$1/version"
}

stop_instance() {
  local container
  container=$(container_of "$1")
  [ -n "$container" ] || return 0
  docker stop -t $((drain + 35)) "$container" >/dev/null
  docker rm "$container" >/dev/null
  rm "$home/instances/$1/container"
}

logs_of() { docker logs --tail "${2:-50}" -f "$(container_of "$1")"; }
