# shellcheck shell=bash
# What the scripts of the repository share. Those that build or run something set `root` first.

# By this file's own place: model/check knows no root.
# shellcheck source=build-support/java.sh
source "$(dirname "${BASH_SOURCE[0]}")/java.sh"

# Prints what stands at the head of the script, and ends, if one of the arguments asks for help. To be called first: a
# script that builds for minutes, or clears what an earlier run left, is no answer to a question.
explain_if_asked() {
    local argument
    for argument in "$@"; do
        case $argument in
            -h | --help)
                sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" | grep -v '^shellcheck '
                exit 0
                ;;
        esac
    done
}

# The version of this build.
project_version() {
    sed -n '0,/<version>/s:.*<version>\(.*\)</version>.*:\1:p' "$root/pom.xml"
}

# The time that everything gets which is packed, as seconds: the one of the jars' entries.
project_epoch() {
    date -u -d "$(sed -n 's:.*<project.build.outputTimestamp>\(.*\)</.*:\1:p' "$root/pom.xml")" +%s
}

# Sets `maven` to the program; MVN names another one than that of the PATH.
find_maven() {
    maven=$(type -P "${MVN:-mvn}") || cannot "needs Apache Maven 3.8.6 or newer to build, and found none." \
        "Install it, for example with 'apt-get install maven' or 'brew install maven'."
}

# shellcheck disable=SC2154 # the script sets root
# Maven on the JDK that was found, whose warnings about Maven's own libraries are of no use here.
run_maven() {
    JAVA_HOME=$jdk MAVEN_OPTS="${java_options[*]} ${MAVEN_OPTS:-}" "$maven" -B -f "$root/pom.xml" "$@"
}

# Whether anything that goes into the modules given after $1 changed since the stamp $1.
stale() {
    local stamp=$1 module
    shift
    [[ -e $stamp ]] || return 0
    local inputs=("$root/pom.xml")
    for module in "$@"; do
        inputs+=("$root/$module/pom.xml" "$root/$module/src/main")
        [[ -d $root/$module/avro ]] && inputs+=("$root/$module/avro")
    done
    # Folders count too: their time moves when a file goes away.
    [[ -n $(find "${inputs[@]}" -newer "$stamp" -print -quit 2>/dev/null) ]]
}

# build STAMP MODULE MODULES...: packages a module and what it needs if one of MODULES changed; talks to stderr only.
build() {
    local stamp=$1 module=$2
    shift 2
    stale "$stamp" "$@" || return 0
    find_maven
    mkdir -p "$root/target" "$(dirname "$stamp")"
    if type -P flock >/dev/null; then
        exec 8>"$root/target/build.lock"
        if ! flock -n 8; then
            say "Another build is running; waiting for it."
            flock 8
        fi
        # The other one may have built what we need.
        stale "$stamp" "$@" || { exec 8>&-; return 0; }
    fi
    run_build "$stamp" "$module"
    if type -P flock >/dev/null; then exec 8>&-; fi
}

run_build() {
    local stamp=$1 module=$2 log=$root/target/build.log status=0
    local started=$SECONDS
    : >"$stamp.started"
    say "Building Waybill (the first time takes a while: Maven fetches the libraries). Log: target/build.log"
    local commit
    commit=$(git -C "$root" rev-parse --short=12 HEAD 2>/dev/null) || commit=unknown
    run_maven -Dquick -Dmaven.test.skip=true -Dwaybill.commit="$commit" -pl "$module" -am package >"$log" 2>&1 8>&- &
    local pid=$!
    trap 'kill "$pid" 2>/dev/null; exit 130' INT TERM
    show_progress "$pid" "$log" "$started"
    wait "$pid" || status=$?
    trap - INT TERM
    if ((status != 0)); then
        rm -f "$stamp.started"
        tail -n 40 "$log" >&2
        say "$me: the build failed; its whole log is target/build.log"
        exit 1
    fi
    # The time of the start: what changed during the build is built next time.
    mv "$stamp.started" "$stamp"
    say "Built in $((SECONDS - started)) s."
}

# A line for each module; on a terminal one line that counts.
show_progress() {
    local pid=$1 log=$2 started=$3 shown='' now fetched spinner='|/-+' turn=0
    while kill -0 "$pid" 2>/dev/null; do
        now=$(sed -n 's/^\[INFO\] Building \([^ ]*\) .*\[\([0-9/]*\)\]$/[\2] \1/p' "$log" | tail -n 1)
        if [[ -t 2 ]]; then
            fetched=$(grep -c '^\[INFO\] Downloaded from\|^Downloaded from' "$log" || true)
            printf '\r\033[K%s %s  %s s, %s files fetched' "${spinner:turn++%4:1}" "${now:-starting}" \
                $((SECONDS - started)) "$fetched" >&2
        elif [[ $now != "$shown" ]]; then
            say "  $now"
            shown=$now
        fi
        sleep 0.3
    done
    if [[ -t 2 ]]; then printf '\r\033[K' >&2; fi
}

# Adds the options that make a JVM start from the cache of classes of APP, where there is one of this build; with another
# JDK or class path it is left aside, in silence.
use_aot_cache() {
    local cache=$1/waybill.aot
    if [[ -e $cache && $cache -nt $root/devstack/target/app/.built ]]; then
        java_options+=(-XX:AOTCache="$cache" -XX:AOTMode=auto '-Xlog:aot*=off' '-Xlog:cds*=off')
    fi
}

# Everything the launcher is made of, and the stack around it.
# shellcheck disable=SC2034 # for the scripts
devstack_modules=(
    domain schemas runtime sftp-client object-store ingest-service state-processor transfer-worker timeout-monitor
    audit-service launcher devstack
)
