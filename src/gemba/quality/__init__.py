"""The platform: quality planning, control, assurance and improvement on one kernel of records."""
