"""Faults that are planted into the program, to see that the qualification finds them."""
