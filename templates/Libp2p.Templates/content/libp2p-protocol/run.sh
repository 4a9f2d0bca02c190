#!/usr/bin/env sh
# Publishes the plugin into a folder of plugins and runs a node with it. Arguments go to the node, as: ./run.sh --listen /ip4/127.0.0.1/tcp/4001
# LIBP2P_PLUGINS_DIR: the folder; default: plugins, here. LIBP2P: the node's program; default: libp2p (dotnet tool install --global Libp2p.Node).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
plugins=${LIBP2P_PLUGINS_DIR:-$here/plugins}
dotnet publish "$here/src/Acme.Protocol-1" --configuration Release --output "$plugins/Acme.Protocol-1" >&2
exec ${LIBP2P:-libp2p} --plugins "$plugins" "$@"
