# Docker and compose, for deploy/compose and for the deploy tool. The caller has $here and $project.

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

# run_once COMMAND...: the program of TRADING_VERSION in a container that goes afterwards, with the settings and secrets of the silos.
run_once() { compose run --rm -T --no-deps migrate "$@" 2> >(grep -v '^Creating ' >&2); }

# wait_container ID SECONDS: until its health check says that it is well.
wait_container() {
  local i
  for ((i = 0; i < $2 * 5; i++)); do
    [ "$(docker inspect -f '{{.State.Health.Status}}' "$1" 2>/dev/null)" != healthy ] || return 0
    sleep 0.2
  done
  docker logs --tail 30 "$1" >&2
  echo "Container $1 is not healthy after $2 s." >&2
  return 1
}
