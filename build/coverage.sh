# The share of the product's lines that the tests ran, over all test projects: a line counts once, and is covered if any project ran it.
find "$1" -name 'coverage.cobertura.xml' -exec cat {} + | awk '
  match($0, /filename="[^"]*"/) { file = substr($0, RSTART + 10, RLENGTH - 11) }
  /<line / {
    match($0, /number="[0-9]+"/); line = file ":" substr($0, RSTART + 8, RLENGTH - 9)
    match($0, /hits="[0-9]+"/); if (substr($0, RSTART + 6, RLENGTH - 7) > 0) hit[line] = 1
    all[line] = 1
  }
  END { for (l in all) { n++; if (l in hit) k++ } if (n) printf "Coverage: %.1f %% of %d lines\n", 100 * k / n, n }'
