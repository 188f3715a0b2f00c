"""The demo plant: three lines and a laboratory whose quality is really managed, with stories in its readings.

Everything in it was made by the product's own services, readings through the one door and signatures with
their secrets. ``book`` says what there is, ``values`` what is measured when, ``crew`` how its people react,
``history`` lets days pass, ``living`` measures while it is served, ``mark`` says that a store is a demo.

Neighbours: the server runs it as any plant; nothing of the product knows that there is a demo.
"""
