// The Pulumi command-line program, pinned; go.sum holds the checksum of every module in the build.
module keyless.invalid/engine

go 1.25.11

require (
	github.com/pulumi/pulumi/pkg/v3 v3.259.0
	github.com/pulumi/pulumi/sdk/v3 v3.259.0
)
