"""Who used which access: logs, what is asked of them, and alerts."""
