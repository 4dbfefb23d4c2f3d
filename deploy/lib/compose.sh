# Instances that are containers of deploy/docker-compose.yml. Sourced by common.sh where kind=compose; what gates.sh says of processes is
# said of containers here. A release is the image trading:VERSION; home has the log and nothing else.

project=${project:-trading}
gateway=${gateway:-https://127.0.0.1:8443}

compose() {
  (
    set -a
    # shellcheck source=/dev/null
    source "$here/secrets/compose.env"
    set +a
    if docker compose version >/dev/null 2>&1; then docker compose -p "$project" -f "$here/docker-compose.yml" "$@"
    else docker-compose -p "$project" -f "$here/docker-compose.yml" "$@"; fi
  )
}

container_of() {
  docker ps -aq --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.service=${1%-*}" \
    --filter "label=com.docker.compose.container-number=${1#*-}"
}

state_of() { docker inspect -f "$2" "$(container_of "$1")" 2>/dev/null || true; }
is_running() { [ "$(state_of "$1" '{{.State.Running}}')" = true ]; }
is_healthy() { [ "$(state_of "$1" '{{.State.Health.Status}}')" = healthy ]; }
address() { echo "$gateway"; }
metrics_url() { :; } # the network of the containers is closed; Prometheus is inside

ask() { curl -fsS --max-time 5 --cacert "$here/secrets/tls.crt" ${TRADING_TOKEN:+-H "Authorization: Bearer $TRADING_TOKEN"} "$@"; }

release_gate() {
  docker image inspect "trading:$1" >/dev/null 2>&1 \
    || { echo "there is no image trading:$1; build it: docker build -f deploy/Dockerfile --build-arg VERSION=$1 -t trading:$1 ."; return 1; }
}

on_postgres() { true; }

program() {
  local version=$1
  shift
  TRADING_VERSION=$version compose run --rm --no-deps migrate "$@" 2>&1 | grep -v '^Creating '
}

install_release() { TRADING_VERSION=$1 compose up -d --no-recreate postgres redis gateway; }

start_instance() {
  local service=${1%-*}
  mkdir -p "$home/instances/$1"
  echo "$2" >"$home/instances/$1/version"
  TRADING_VERSION=$2 compose up -d --no-deps --no-recreate --scale "$service=$([ "$service" = silo ] && echo "$silos" || echo "$apis")" "$service"
}

stop_instance() {
  local container
  container=$(container_of "$1")
  [ -n "$container" ] || return 0
  docker stop -t $((drain + 35)) "$container" >/dev/null
  docker rm "$container" >/dev/null
}

logs_of() { docker logs --tail "${2:-50}" -f "$(container_of "$1")"; }

scale_to() {
  silos=$1 apis=$2
  TRADING_VERSION=$version compose up -d --no-deps --no-recreate --scale "silo=$silos" --scale "api=$apis" silo api
}
