# A trial cluster of deploy/docker-compose.yml, asked through its gateway. Sourced by deploy/compose and deploy/rehearsal.
secrets=$here/secrets gateway=https://127.0.0.1:8443 project=trading
source "$here/lib/engine.sh"

ask() { curl -sS --max-time 10 --cacert "$secrets/tls.crt" "$@"; }

json() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

# post PATH BODY [TOKEN]: more than a minute allows is asked again when the answer says so.
post() { ask -f --retry 8 --retry-max-time 60 -X POST "$gateway$1" -H 'Content-Type: application/json' ${3:+-H "Authorization: Bearer $3"} -d "$2"; }

wait_ready() {
  local i
  for ((i = 0; i < 120; i++)); do
    ask -f -o /dev/null "$gateway/health" 2>/dev/null && return
    sleep 1
  done
  compose logs --tail 30 >&2
  echo "Nothing answers at $gateway." >&2
  exit 1
}

# keep NAME VALUE: unless there is one already.
keep() { grep -q "^$1=" "$secrets/compose.env" || echo "$1=$2" >>"$secrets/compose.env"; }

make_secrets() {
  mkdir -p "$secrets"
  chmod 700 "$secrets"
  touch "$secrets/compose.env"
  keep POSTGRES_PASSWORD "$(openssl rand -hex 24)"
  keep TRADING_MASTER_KEY "trial:$(openssl rand -base64 32)"
  keep ADMINISTRATOR_PASSWORD "$(openssl rand -hex 16)"
  [ -f "$secrets/tls.crt" ] || openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=gateway -addext subjectAltName=DNS:gateway,IP:127.0.0.1 \
    -keyout "$secrets/tls.key" -out "$secrets/tls.crt" 2>/dev/null
  [ -f "$secrets/backup.key" ] || openssl rand -base64 32 >"$secrets/backup.key"
  chmod 600 "$secrets"/*.env
  touch "$secrets/alertmanager_token"
  # Gateway, Alertmanager and silos are other users; the folder is closed.
  chmod 644 "$secrets"/{tls.key,alertmanager_token,backup.key}
}

# The token of the administrator of this trial; nothing where there is none yet.
administrator() {
  post /api/auth/token "{\"user\":\"administrator\",\"password\":\"$ADMINISTRATOR_PASSWORD\"}" 2>/dev/null | json access_token
}

# A code serves at the silo that printed it: each is asked inside its own container.
make_administrator() {
  local silo code
  # shellcheck source=/dev/null
  source "$secrets/compose.env"
  [ -z "$(administrator)" ] || return 0
  for silo in $(compose ps -q silo); do
    code=$(docker logs "$silo" 2>&1 | json code | tail -1)
    [ -n "$code" ] || continue
    docker exec "$silo" curl -fsS -o /dev/null http://127.0.0.1:8080/api/auth/setup -H 'Content-Type: application/json' \
      -d "{\"code\":\"$code\",\"user\":\"administrator\",\"password\":\"$ADMINISTRATOR_PASSWORD\"}" && return
  done
  echo "No silo has printed a code for the first administrator; somebody may have used it." >&2
  exit 1
}

# key_for SERVICE ROLE TOKEN: a key for thirty days.
key_for() {
  post /api/security/users "{\"name\":\"$1\",\"service\":true,\"roles\":[\"$2\"]}" "$3" >/dev/null || true # it is there already
  post /api/security/api-keys "{\"subject\":\"$1\",\"roles\":[\"$2\"],\"expires_at\":\"$(date -u -d '+30 days' +%Y-%m-%d)\"}" "$3" | json key
}

# scale SERVICE NUMBER: until so many of its containers are well. The last ones end first, and drain.
scale() {
  local container
  compose up -d --no-deps --no-recreate --scale "$1=$2" "$1"
  for container in $(compose ps -q "$1"); do wait_container "$container" 60; done
}
