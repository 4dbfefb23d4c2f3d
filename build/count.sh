# Adds up the counters of every test project's trx file: N passed, N failed, N skipped.
find "$1" -name '*.trx' -exec grep -ho '<Counters [^>]*>' {} + | awk '
  function of(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) + 0 : 0 }
  { total += of("total"); passed += of("passed"); failed += of("failed") + of("error") + of("timeout") + of("aborted") }
  END { printf "%d passed, %d failed, %d skipped\n", passed, failed, total - passed - failed; exit failed > 0 || passed == 0 }'
