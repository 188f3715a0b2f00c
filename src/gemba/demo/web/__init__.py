"""What the demo adds to the pages: a coloured bar, its stories on the start page, and two buttons.

None of it is installed where a plant of one's own is served; the addresses answer 404 there.
"""
