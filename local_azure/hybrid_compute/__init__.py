"""Machines outside of Azure that Azure Arc connects: their token service. The machines themselves are rows of
`local_azure/with_identity`.
"""
