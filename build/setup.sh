# Sourced by ./run, ./test and ./trading: checks the SDK and builds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
configuration=${CONFIGURATION:-Release}
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

need_sdk() {
  if ! command -v dotnet >/dev/null; then
    echo "The .NET 10 SDK is missing: install it so that 'dotnet --version' answers 10.0.100 or later." >&2
    exit 1
  fi
  local version
  if ! version=$(dotnet --version 2>/dev/null) || [ "${version%%.*}" != 10 ]; then
    echo "The .NET 10 SDK is missing: 'dotnet --version' answers '${version:-nothing}', global.json asks for 10.0." >&2
    exit 1
  fi
}

# Builds what is given (a project or the solution), quietly: only errors are shown.
build() {
  local log=artifacts/build.log
  mkdir -p artifacts
  if ! dotnet build "$1" -c "$configuration" -nologo -v quiet >"$log" 2>&1; then
    grep -E 'error|Error' "$log" | sort -u | head -40 >&2 || cat "$log" >&2
    echo "The build failed; the whole log is $log." >&2
    exit 1
  fi
}

# The silo's executable, rebuilt where the sources are newer.
build_silo() {
  silo=$root/artifacts/bin/Silo/$(tr '[:upper:]' '[:lower:]' <<<"$configuration")/trading
  [[ -x $silo ]] || echo "Building, which takes about a minute the first time …" >&2
  build Silo
}
