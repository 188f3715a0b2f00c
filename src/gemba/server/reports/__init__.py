"""Documents on paper: a record, or the capability of a chart, as PDF with all that proves what it is.

A *document* is plain data, composed from what the page of the record shows; a child process sets it in type
within a limited time. Neighbours: the screens of the kernel say what a record shows; the views, the API and
the shell hand the bytes out.
"""
