#!/bin/sh
# Stands in for a server that starts and then answers nobody: says its pid, then sleeps.
echo $$
exec sleep 600
