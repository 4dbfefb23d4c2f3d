# Sourced by ./run, ./test and ./trading: checks the SDK and chooses the engine once.
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

# ENGINE=Orleans or ENGINE=InProcess decides; else the choice made before; else one time-limited try to restore Orleans.
choose_engine() {
  local remembered=artifacts/engine why=", because the Orleans packages do not restore here"
  if [ -n "${ENGINE:-}" ]; then
    engine=$ENGINE why=""
  elif [ -s "$remembered" ]; then
    engine=$(<"$remembered")
  else
    mkdir -p artifacts
    if timeout 120 dotnet restore Silo -p:Engine=Orleans >artifacts/engine-restore.log 2>&1; then engine=Orleans; else engine=InProcess; fi
    echo "$engine" >"$remembered"
  fi
  case $engine in
    Orleans) echo "Engine: Orleans." >&2 ;;
    InProcess) echo "Engine: InProcess, the embedded one$why." >&2 ;;
    *) echo "ENGINE is '$engine'; it can be Orleans or InProcess." >&2; exit 2 ;;
  esac
  artifacts=$root/artifacts
  [ "$engine" = Orleans ] && artifacts=$root/artifacts/orleans
  return 0
}

# Builds what is given (a project or the solution), quietly: only errors are shown.
build() {
  local log=artifacts/build.log
  mkdir -p artifacts
  if ! dotnet build "$1" -c "$configuration" -p:Engine="$engine" -nologo -v quiet >"$log" 2>&1; then
    grep -E 'error|Error' "$log" | sort -u | head -40 >&2 || cat "$log" >&2
    echo "The build failed; the whole log is $log." >&2
    exit 1
  fi
}

# The silo's executable, rebuilt where the sources are newer.
build_silo() {
  silo=$artifacts/bin/Silo/$(tr '[:upper:]' '[:lower:]' <<<"$configuration")/trading
  build Silo
}
