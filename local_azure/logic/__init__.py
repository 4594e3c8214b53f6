"""Azure Logic Apps, the Consumption plan."""
