//go:build tools

// Package tools names what the tests build, so that go.mod and go.sum pin all of it.
package tools

import _ "github.com/prometheus/prometheus/cmd/promtool"
