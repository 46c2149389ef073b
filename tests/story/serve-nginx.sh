#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The sample site of packaging/nginx: nginx reads it, and a record answers behind it, also where
# libmicrohttpd alone reads what it should not.
# shellcheck source=tests/support/tap.sh
. "${VALISE_SOURCE:?}/tests/support/tap.sh"
# shellcheck source=tests/support/serving.sh
. "${VALISE_SOURCE:?}/tests/support/serving.sh"
PATH=$PATH:/usr/sbin
need /usr/bin/python3 openssl nginx
need_server

# The same site on a port of this test and without TLS, which needs a certificate of some machine.
port=$(/usr/bin/python3 -c 'import socket
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    print(s.getsockname()[1])')
site() { # TLS: keep it or not
    sed -e "s|/run/valise/record.sock|$tmp/sock|" "$VALISE_SOURCE/packaging/nginx/valise-record" |
        if [ "$1" = tls ]; then
            sed -e "s|/etc/ssl/certs/ssl-cert-snakeoil.pem|$tmp/cert.pem|" \
                -e "s|/etc/ssl/private/ssl-cert-snakeoil.key|$tmp/key.pem|"
        else
            awk '/^server \{/ { servers++ } servers != 1' |
                sed -e "s/listen 443 ssl http2/listen 127.0.0.1:$port/" -e '/listen \[::\]/d' -e '/ssl_/d'
        fi
}
conf() {
    cat <<CONF
daemon off;
pid $tmp/nginx.pid;
error_log $tmp/nginx.err;
events { worker_connections 256; }
http {
    access_log off;
    client_body_temp_path $tmp/t1; proxy_temp_path $tmp/t2; fastcgi_temp_path $tmp/t3;
    uwsgi_temp_path $tmp/t4; scgi_temp_path $tmp/t5;
    include $1;
}
CONF
}
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=record.example 2>/dev/null
site tls >site.tls
conf "$tmp/site.tls" >nginx.tls
check 'nginx reads the site as it stands' nginx -t -q -e "$tmp/nginx.err" -c "$tmp/nginx.tls"
sed 's/proxy_http_version/proxy_http_versoin/' site.tls >site.bad
conf "$tmp/site.bad" >nginx.bad
check '...and would say if it were wrong' no nginx -t -q -e "$tmp/nginx.err" -c "$tmp/nginx.bad"

"$VALISE_SERVE_HARNESS" make record record.example/2026
"$VALISE_SERVE_HARNESS" card A 'An Office' >a.card
serve record --listen unix:"$tmp/sock" --per-address 0 --posts 0
[ "$(id -u)" -ne 0 ] || chmod 666 sock # its workers are another user
site plain >site.plain
conf "$tmp/site.plain" >nginx.plain
nginx -e "$tmp/nginx.err" -c "$tmp/nginx.plain" 2>/dev/null &
front=$!
tap_pids+=("$front")
is_up() { : 2>/dev/null >"/dev/tcp/127.0.0.1/$port"; }
until_true is_up || explain "$(cat nginx.err)"
py "$VALISE_SOURCE/tests/story/serve_nginx.py" "http://127.0.0.1:$port/"
kill -QUIT "$front"
wait "$front"
stop
