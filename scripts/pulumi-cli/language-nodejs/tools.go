//go:build tools

// Package tools pins Pulumi's Node.js language host, so that "go build" needs no "go mod tidy".
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"
