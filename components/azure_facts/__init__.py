"""What is so in Azure, whatever this project does: each kind of fact once, as data, with a thin reader.

Read by the components, the access report, the policy pack and the local Azure. Nothing here imports pulumi,
and a file is read when it is asked for first.
"""
