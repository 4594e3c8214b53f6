"""The page for people: what exists, who may do what, and why somebody was refused."""
