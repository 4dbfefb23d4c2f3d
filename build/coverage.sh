# The share of the product's lines that the tests ran, over all test projects: a line counts once, and is covered if any project ran it.
find "$1" -name '*.cobertura.xml' -exec cat {} + | awk '
  function share(part, of) { return sprintf("%.1f %%", 100 * part / of) }
  /<package / {
    match($0, / name="[^"]*"/); assembly = substr($0, RSTART + 7, RLENGTH - 8); sub(/^Trading\./, "", assembly)
    if (assembly == "trading") assembly = "Silo"
  }
  match($0, / filename="[^"]*"/) { file = substr($0, RSTART + 11, RLENGTH - 12) }
  /<line / {
    match($0, /number="[0-9]+"/); line = file ":" substr($0, RSTART + 8, RLENGTH - 9)
    if (!(line in seen)) { seen[line]; lines++; if (!of[assembly]++) names[++count] = assembly }
    if ($0 !~ /hits="0"/ && !(line in ran)) { ran[line]; covered++; part[assembly]++ }
  }
  END {
    if (!lines) { print "Coverage: nothing was measured."; exit }
    for (i = 1; i <= count; i++) each = each (i > 1 ? ", " : "") names[i] " " share(part[names[i]], of[names[i]])
    print "Coverage: " share(covered, lines) " of " lines " lines (" each ")"
  }'
