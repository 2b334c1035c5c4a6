# shellcheck shell=bash disable=SC2034,SC2154
# What build, train and check share. They set `root` first, and source build-support/common.sh.

# Where the image has its parts, and as whom it runs.
home=/opt/waybill state=/var/lib/waybill configuration=/etc/waybill user=10001

# needs PROGRAM:PACKAGE...: ends the script if a program is missing.
needs() {
    local pair packages=()
    for pair in "$@"; do type -P "${pair%%:*}" >/dev/null || packages+=("${pair#*:}"); done
    ((${#packages[@]} == 0)) || cannot "needs programs that are not here." "Install them: apt-get install ${packages[*]}"
}

# lock_down IMAGE STATE CONFIGURATION: sets `locked` to the command that runs a program of an unpacked image as a restricted pod
# does: as process 1, the root read-only, one writable volume, no capabilities, nothing of the environment.
lock_down() {
    locked=(
        bwrap --unshare-all --share-net --as-pid-1 --die-with-parent --new-session --cap-drop ALL --uid "$user" --gid "$user"
        --ro-bind "$1" / --proc /proc --dev /dev --bind "$2" "$state" --ro-bind "$3" "$configuration"
        --clearenv --setenv LANG C.UTF-8 --setenv WAYBILL_CONFIG "$configuration/waybill.yaml" --chdir "$state" --
    )
}

# The process that bwrap, whose id is $1, watches.
inside() {
    local children
    read -r children <"/proc/$1/task/$1/children" || true
    printf '%s' "${children%% *}"
}

failed() {
    tail -n 60 "$scratch/log" >&2
    cannot "$1; see above."
}

# start_servers: Kafka, S3, SFTP and the registry on this host. Sets `scratch`, in which etc is the configuration for a
# container, data that of the host, and log what everybody says.
start_servers() {
    scratch=$(mktemp -d)
    started=()
    local data=$scratch/data
    of_stack io.waybill.devstack.Main up --only infrastructure --data "$data" \
        --kafka-port 0 --s3-port 0 --sftp-port 0 --registry-port 0 --http-port 0 >>"$scratch/log" 2>&1 &
    started+=("$!")
    until grep -q 'The servers are ready' "$scratch/log"; do
        kill -0 "${started[0]}" 2>/dev/null || failed "the servers did not start"
        sleep 0.2
    done
    mkdir "$scratch/etc"
    cp -r "$data/secrets" "$scratch/etc"
    sed "s:$data/secrets:$configuration/secrets:; s:$data/streams:$state/streams:" "$data/waybill.yaml" \
        >"$scratch/etc/waybill.yaml"
}

# To be called when the script ends.
stop_servers() {
    local one
    for one in "${started[@]}"; do kill "$one" 2>/dev/null || true; done
    wait "${started[@]}" 2>/dev/null || true
    rm -rf "$scratch"
}

# of_stack MAIN ARGUMENTS...: a program of the development stack.
of_stack() {
    exec "$jdk/bin/java" "${java_options[@]}" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC '-Xlog:aot*=off' '-Xlog:cds*=off' \
        -cp "$(class_path "$root/devstack/target/app")" "$@"
}

# A command of the host that asks the services.
waybill() (
    of_stack io.waybill.launcher.Main "$@" --data "$scratch/data"
)

# until_it_answers PID COMMAND...: repeats a command until it succeeds; fails if a process ends before.
until_it_answers() {
    local pid=$1
    shift
    until waybill "$@" >"$scratch/answer" 2>&1; do
        kill -0 "$pid" 2>/dev/null || failed "the services ended too early"
    done
}
