# Instances that are processes of this machine. Sourced by common.sh where kind=plain.

# port_of INSTANCE KIND: the ports follow from the number of the instance.
port_of() {
  local number=${1#*-} base=$2
  [[ $1 == api-* && $base == http ]] && base=api
  case $base in
    http) echo $((http_port + number - 1)) ;;
    api) echo $((api_port + number - 1)) ;;
    silo) echo $((silo_port + number - 1)) ;;
    gateway) echo $((gateway_port + number - 1)) ;;
  esac
}

# Each instance has its own address for metrics, where the environment has any.
metrics_url() {
  [ "$metrics_port" -gt 0 ] || return 0
  local number=${1#*-}
  [[ $1 == api-* ]] && number=$((number + silos))
  echo "http://127.0.0.1:$((metrics_port + number - 1))"
}

# metrics_of INSTANCE: what it shows of itself; nothing where it has no address for that.
metrics_of() {
  local url
  url=$(metrics_url "$1")
  [ -z "$url" ] || ask "$url/metrics"
}

address() { echo "http://127.0.0.1:$(port_of "$1" http)"; }

is_running() {
  local pid
  pid=$(cat "$home/instances/$1/pid" 2>/dev/null) && kill -0 "$pid" 2>/dev/null
}

start_instance() {
  local name=$1 version=$2 verb=run folder=$home/instances/$1
  local own=("urls=$(address "$name")" "logging:file=$folder/log/trading.jsonl")
  [[ $name == api-* ]] && verb=api
  if [ "$silos" -gt 1 ] || [ "$apis" -gt 0 ]; then
    own+=("cluster:drain=$drain")
    [ $verb = api ] || own+=("cluster:silo_port=$(port_of "$name" silo)" "cluster:gateway_port=$(port_of "$name" gateway)")
  fi
  own+=("monitoring:metrics_url=$(metrics_url "$name")") # empty for none
  mkdir -p "$folder/log"
  echo "$version" >"$folder/version"
  ln -sfn "$(release_of "$version")/data" "$folder/data"
  (
    load_secrets
    exec 9>&-
    cd "$folder"
    setsid "$(release_of "$version")/trading" $verb --set "${settings[@]}" "${own[@]}" >>"$folder/log/output" 2>&1 </dev/null &
    echo $! >"$folder/pid"
  )
}

# SIGTERM, and the instance drains; one that does not end in time is killed: the journal has everything that was answered.
stop_instance() {
  local pid i
  is_running "$1" || return 0
  pid=$(cat "$home/instances/$1/pid")
  kill -TERM "$pid"
  for ((i = 0; i < (drain + 35) * 5; i++)); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.2
  done
  say "$1 did not end by itself and is killed"
  kill -KILL "$pid" 2>/dev/null || true
}

# install_release VERSION: there is nothing to bring; what is in releases/ is what runs.
install_release() { :; }

# It is looked after by others.
database_runs() { true; }

logs_of() { tail -n "${2:-50}" -F "$home/instances/$1/log/output"; }
