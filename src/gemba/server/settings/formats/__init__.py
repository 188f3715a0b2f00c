"""How Django writes numbers by itself: as a program reads them. What a person reads is written by filters."""
