# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Real database servers, each in a folder of its own: MariaDB of this Debian, MySQL of Debian
# unstable in a root. Needs say.sh, process.sh and debian-root.sh; as root.
#
#   start_database mariadb|mysql DIR PORT [OPTION...]
#                        with an empty database `astcti`, at DIR/socket and at 127.0.0.1:PORT; its
#                        user root has no password. Waits until it answers
#   sql DIR [STATEMENT]  as root; without a statement from standard input
#   database_pid DIR     the server's
#   stop_database DIR    and waits until it has ended

mysql_root_version=1

make_mysql_root() {
    make_debian_root "mysql-sid-$mysql_root_version" sid mysql-server-core usr/sbin/mysqld "70 MB"
}

start_database() {
    local kind=$1 dir=$2 port=$3
    shift 3
    mkdir -p "$dir/data"
    chmod 755 "$dir"
    case $kind in
    mariadb)
        chown -R mysql: "$dir"
        [[ -d $dir/data/mysql ]] ||
            mariadb-install-db --no-defaults --user=mysql --datadir="$dir/data" \
                --auth-root-authentication-method=normal --skip-test-db >>"$dir.log" 2>&1 ||
            fail "no MariaDB" "mariadb-install-db failed: $(tail -n 3 "$dir.log")" "see $dir.log"
        mariadbd --no-defaults --user=mysql --datadir="$dir/data" --socket="$dir/socket" --port="$port" \
            --bind-address=127.0.0.1 --pid-file="$dir/pid" "$@" >>"$dir.log" 2>&1 &
        ;;
    mysql)
        make_mysql_root
        # The socket and the data are outside the root, which never changes.
        # shellcheck disable=SC2016,SC2154 # for the bash within; debian_root is of debian-root.sh
        unshare --mount --propagation private bash -c '
            set -euo pipefail
            root=$1 dir=$2
            shift 2
            mount -t tmpfs tmpfs "$root/dev" && touch "$root/dev/null" "$root/dev/urandom"
            for device in null urandom; do mount --bind "/dev/$device" "$root/dev/$device"; done
            mount -t proc proc "$root/proc"
            mount --bind "$dir" "$root/run/astcti"
            mkdir -p "$dir/tmp"
            base=(--no-defaults --user=root --datadir=/run/astcti/data --tmpdir=/run/astcti/tmp)
            [[ -d $dir/data/mysql ]] || chroot "$root" /usr/sbin/mysqld "${base[@]}" --initialize-insecure
            exec chroot "$root" /usr/sbin/mysqld "${base[@]}" --socket=/run/astcti/socket --mysqlx=OFF \
                --pid-file=/run/astcti/pid --bind-address=127.0.0.1 --secure-file-priv=NULL "$@"
        ' _ "$debian_root" "$dir" --port="$port" "$@" >>"$dir.log" 2>&1 &
        ;;
    *) fail "no database server" "there is no $kind" "start_database mariadb or mysql" ;;
    esac
    printf '%s\n' "$!" >"$dir/job"
    wait_for_database "$dir"
    sql "$dir" 'CREATE DATABASE IF NOT EXISTS astcti'
}

wait_for_database() {
    local dir=$1
    wait_until 60 database_answers_or_ended "$dir" || fail "the database server does not answer" "within 60 s" "see $dir.log"
    database_answers "$dir" || fail "the database server ended" "$(tail -n 3 "$dir.log")" "see $dir.log"
}
database_answers() { mariadb-admin --no-defaults --socket="$1/socket" --user=root ping >/dev/null 2>&1; }
database_answers_or_ended() { database_answers "$1" || ! kill -0 "$(<"$1/job")" 2>/dev/null; }

sql() {
    local dir=$1
    shift
    mariadb --no-defaults --socket="$dir/socket" --user=root --batch --skip-column-names ${1:+--execute="$1"}
}

database_pid() { cat "$1/pid"; }

stop_database() {
    local dir=$1
    [[ -e $dir/job ]] || return 0
    [[ ! -e $dir/pid ]] || kill "$(database_pid "$dir")" 2>/dev/null || true
    tail --pid="$(<"$dir/job")" -f /dev/null
    rm -f "$dir/job"
}
