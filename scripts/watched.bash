#!/usr/bin/env bash
# Sourced by setup, demo and test: runs a long command with its words in a file, and says every 15 seconds how far it is.

# how_far FILE: the last count of ninja ("[3/40] Building ...") or ctest (" 3/40 Test ...") in it, as "[3/40]".
how_far() {
  tail -n 400 "$1" | sed -nE 's/^\[([0-9]+\/[0-9]+)\] .*/[\1]/p; s/^ *([0-9]+\/[0-9]+) Test +#.*/[\1]/p' | tail -n 1
}

# watched FILE WHAT COMMAND...: WHAT says what is being done ("building"); the exit code is the command's.
watched() {
  local file=$1 what=$2 code=0 began=$SECONDS teller
  shift 2
  : >"$file"
  (
    # After an interrupt nobody stops this loop but itself.
    while sleep 15 >/dev/null 2>&1 && kill -0 "$$" 2>/dev/null; do
      count=$(how_far "$file")
      echo "${count:-[$((SECONDS - began)) s]} $what"
    done
  ) &
  teller=$!
  "$@" >"$file" 2>&1 || code=$?
  kill "$teller" 2>/dev/null || true
  wait "$teller" 2>/dev/null || true
  return "$code"
}
