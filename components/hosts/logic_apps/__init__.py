"""Azure Logic Apps as a host."""
