"""Who can reach what, before and after: from a preview, a stack's state, or both."""
