//go:build pin

// Package geth imports the program that is built, so that `go mod tidy` keeps it.
package geth

import _ "github.com/ethereum/go-ethereum/cmd/geth"
