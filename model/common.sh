# shellcheck shell=bash
# What model/check and model/guards share. They set `here` first.

# shellcheck source=build-support/common.sh
source "$(dirname "$here")/build-support/common.sh"

model=$here/delivery.pml
# shellcheck disable=SC2154 # the script sets here
work=$here/target

# 77: not done, as test harnesses understand it. Nobody shall take that for a pass.
need_programs() {
    local program missing=()
    for program in spin gcc; do
        type -P "$program" >/dev/null || missing+=("$program")
    done
    if type -P gcc >/dev/null && ! gcc -E -x c - <<<'#include <stdio.h>' >/dev/null 2>&1; then missing+=(libc6-dev); fi
    ((${#missing[@]} > 0)) || return 0
    printf '%s\n' \
        "********************************************************************************" \
        "  ${0##*/}: THE PROTOCOL WAS NOT CHECKED. Missing: ${missing[*]}" \
        "  Install the Debian packages of these names." \
        "********************************************************************************" >&2
    exit 77
}

# verifier NAME OPTION... : makes the verifier $work/NAME/pan of one configuration; -D options go to spin and gcc alike.
verifier() {
    local name=$1
    shift
    rm -rf "${work:?}/$name"
    mkdir -p "$work/$name"
    (
        cd "$work/$name" || exit 1
        # spin gives these options to the C preprocessor.
        spin -a "${@}" "$model" >spin.log 2>&1 && [[ -s pan.c ]] || { cat spin.log >&2; exit 1; }
        gcc -w "${optimise:--O2}" -DSAFETY -DCOLLAPSE -DVECTORSZ=2048 -DMEMLIM=3800 ${search:+"$search"} -o pan pan.c
    )
}

# The figure after "KEY" or before it in the verifier's output.
states() {
    awk '/states, stored/ { print $1 + 0; exit }' "$work/$1/out"
}

megabytes() {
    awk '/total actual memory usage/ { printf "%.0f", $1; exit }' "$work/$1/out"
}

# complete NAME: the whole state space was searched, and nothing was found.
complete() {
    grep -q 'errors: 0$' "$work/$1/out" && ! grep -Eq '^(Warning: Search not completed|error:|pan: reached|max search)' "$work/$1/out"
}

# story NAME OPTION... : replays a trail in words.
story() {
    local name=$1
    shift
    (cd "$work/$name" && spin -T -B -k "${model##*/}.trail" "$@" "$model" 2>&1) | sed '/, warning: /d; /^#processes/,$d'
}

# The invariant that a story ends with: the word after INVARIANT on the line of the model, or just before it.
violated() {
    local line
    line=$(sed -n 's/^spin: .*:\([0-9]*\), Error: assertion violated.*/\1/p' <<<"$1" | head -n 1)
    [[ -n $line ]] || return 0
    sed -n "$((line - 3)),${line}p" "$model" | sed -n 's/.*INVARIANT \([a-z]*\).*/\1/p' | tail -n 1
}
