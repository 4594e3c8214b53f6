"""Who used which access: the grants of a stack beside the rows that Azure's logs have of them."""
