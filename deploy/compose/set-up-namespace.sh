#!/bin/sh
# Creates the namespace TEMPORAL_NAMESPACE with the retention RETENTION unless it is there, and waits until it can be used.
set -eu

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"

# Every frontend keeps a list of namespaces that it renews every few seconds.
tries=60
until temporal workflow count --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || { echo "namespace $TEMPORAL_NAMESPACE cannot be used after a minute" >&2; exit 1; }
  sleep 1
done
