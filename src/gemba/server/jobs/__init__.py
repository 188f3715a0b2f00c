"""What the server does by itself: deliver facts to their reactions, and look at what has become due."""
