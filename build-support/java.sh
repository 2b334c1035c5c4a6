# shellcheck shell=bash
# shellcheck disable=SC2034 # for the scripts
# What starts a JVM of ours: in the scripts of the repository, and in bin/waybill of a release.

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

# class_path APP: the libraries in an order that depends on nothing else, since a cache of classes wants the
# same one each time.
class_path() {
    local LC_ALL=C
    local all=("$1"/lib/*.jar)
    local IFS=:
    printf '%s' "${all[*]}"
}

# Java cannot ask which of its outputs is a terminal, nor how wide it is.
tell_terminal() {
    local output terminal columns
    for output in out:1 err:2; do
        if [[ -t ${output#*:} ]]; then terminal=true; else terminal=false; fi
        java_options+=("-Dwaybill.${output%:*}.terminal=$terminal")
    done
    if [[ -t 1 || -t 2 ]] && columns=$(tput cols 2>/dev/null); then
        java_options+=("-Dwaybill.columns=$columns")
    fi
}
