"""Quality planning: what is made, what is asked of it, and how it will be watched."""
