"""Kubernetes on Azure: a workload in a cluster as a host, and a cluster that such workloads run on."""
