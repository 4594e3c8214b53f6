"""Rules of access and exposure for any stack on azure-native, as a Pulumi policy pack: docs/policy.md."""
