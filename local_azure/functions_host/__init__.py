"""A stand-in for the Functions host: it runs Python functions of HTTP and of storage queues with
nothing but the settings of their site.
"""
