"""Work on what strangers send, in a process of its own: little memory, little time, no network, no writing.

``asking`` is the side of the server, ``answering`` the side of the child. Between them go lines of JSON, so
that nothing of a hostile file is ever unpacked into objects of the server.
"""
