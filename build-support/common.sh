# shellcheck shell=bash
# What the scripts in the root share. They set `root` first.

me=${0##*/}

# Options of every JVM of ours: Kafka and RocksDB load native code and use sun.misc.Unsafe.
java_options=(--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED)

# Java names files in the locale's character set: with plain ASCII it could not open "Übersicht.pdf".
if [[ $(locale charmap 2>/dev/null || true) == ANSI* ]]; then
    export LC_ALL=C.UTF-8
fi

say() {
    printf '%s\n' "$*" >&2
}

# The installation or the arguments are not right: exit code 2 everywhere in this product.
cannot() {
    say "$me: $1"
    shift
    local line
    for line in "$@"; do say "  $line"; done
    exit 2
}

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

# The feature version of the JDK at $1; 0 if there is none.
jdk_version() {
    [[ -x $1/bin/java && -x $1/bin/javac ]] || { echo 0; return; }
    local version
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null) || true
    echo "${version:-0}"
}

path_jdk() {
    local java
    java=$(type -P javac) || return 0
    java=$(readlink -f "$java" 2>/dev/null) || return 0
    dirname "$(dirname "$java")"
}

# Sets `jdk` to the first JDK that is new enough.
find_jdk() {
    local wanted=25 home
    for home in "${WAYBILL_JAVA_HOME:-}" "${JAVA_HOME:-}" "$(path_jdk)" \
        /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* /opt/java/* \
        "$(/usr/libexec/java_home -v "$wanted+" 2>/dev/null || true)"; do
        if [[ -n $home && $(jdk_version "$home") -ge $wanted ]]; then
            jdk=$home
            return
        fi
        if [[ -n $home && $home == "${WAYBILL_JAVA_HOME:-}" ]]; then
            cannot "WAYBILL_JAVA_HOME is not a JDK $wanted or newer: $home"
        fi
    done
    cannot "needs a JDK $wanted or newer, and found none." \
        "Install one, for example Eclipse Temurin $wanted from adoptium.net, or 'sdk install java $wanted-tem'." \
        "Where it stands in an unusual place, set WAYBILL_JAVA_HOME to it."
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

# class_path APP: the libraries in an order that depends on nothing else, since a cache of classes wants the
# same one each time.
class_path() {
    local LC_ALL=C
    local jars=("$1"/lib/*.jar)
    local IFS=:
    printf '%s' "${jars[*]}"
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
