"""Quality assurance: the confidence that requirements are met, and what it stands on."""
