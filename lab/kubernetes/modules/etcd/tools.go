//go:build tools

// Package tools names what the lab builds, so that go.mod and go.sum pin all of it.
package tools

import _ "go.etcd.io/etcd/server/v3"
