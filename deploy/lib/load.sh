# Callers of the gateway, each with a book of its own, who ask about one signal after another and ask again under the same client order
# id until they have an answer; and the audit that holds what they were told against the journal. Needs trial.sh, and $work, a folder.
loads=0

# load_begin CALLERS KEY: each time with orders of its own.
load_begin() {
  local caller
  loads=$((loads + 1))
  rm -f "$work"/{end,answers.*,failures.*}
  callers=()
  for ((caller = 1; caller <= $1; caller++)); do
    call "$caller" "$2" &
    callers+=($!)
  done
}

load_end() {
  touch "$work/end"
  wait "${callers[@]}"
  cat "$work"/answers.* >>"$work/all"
}

# A line for each answer: when, stream, client order id, number in the journal; and for each try without one: when, status of HTTP.
call() {
  local turn=0 order answer symbols=(IBM KO GE BA CAT)
  touch "$work/answers.$1" "$work/failures.$1"
  while [ ! -e "$work/end" ]; do
    turn=$((turn + 1)) order=trial-$loads-$1-$turn
    until answer=$(ask -w '\n%{http_code}' "$gateway/api/risk/validate-signal?portfolio=load-$1" -H 'Content-Type: application/json' \
      -H "Authorization: Bearer $2" -d "{\"symbol\":\"${symbols[turn % 5]}\",\"action\":\"BUY\",\"position_size\":1,\"confidence\":0.9,\"client_order_id\":\"$order\"}" \
      2>/dev/null) && [[ $answer =~ \"decision_id\":\"[^\":]*:([0-9]+)\" ]]; do
      echo "$EPOCHREALTIME ${answer##*$'\n'}" >>"$work/failures.$1"
      sleep 0.05
    done
    echo "$EPOCHREALTIME portfolio/load-$1 order:$order ${BASH_REMATCH[1]}" >>"$work/answers.$1"
  done
}

# load_row WHAT FROM TO: a row of the table: answers, tries without one, the longest time without an answer for a book, and for any.
load_row() {
  cat "$work"/answers.* | sort -n | awk -v what="$1" -v from="$2" -v to="$3" -v failures="$(failures_between "$2" "$3")" '
    $1 >= from && $1 <= to {
      count++
      if (!any) any = from
      if ($1 - any > longest) longest = $1 - any
      any = $1
      since = $2 in last ? last[$2] : from
      if ($1 - since > of_one) of_one = $1 - since
      last[$2] = $1
    }
    END { printf "| %s | %.0f | %d | %d | %.1f | %.1f |\n", what, to - from, count, failures, of_one, longest }'
}

failures_between() { cat "$work"/failures.* | awk -v from="$1" -v to="$2" '$1 >= from && $1 <= to { count++ } END { print count + 0 }'; }

# audit [FILE]: what callers were told, by the last load or by the file, that is not in the journal just so, and what is in it twice;
# nothing where all is well.
audit() {
  cat ${1:-"$work"/answers.*} | cut -d' ' -f2- | sort >"$work/told"
  compose exec -T postgres psql -U trading -d trading -AtF ' ' -c \
    "SELECT stream, key, seq FROM journal_events WHERE type = 'decided' AND stream LIKE 'portfolio/load-%'" | tr -d '\r' | sort >"$work/recorded"
  comm -23 "$work/told" "$work/recorded" | sed 's/^/not in the journal: /'
  cut -d' ' -f1,2 "$work/recorded" | uniq -d | sed 's/^/decided twice: /'
}
