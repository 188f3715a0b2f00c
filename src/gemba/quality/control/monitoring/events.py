"""What has happened on charts. Pure."""

RAISED = "SignalRaised"
"""A signal opened, or one became more severe."""
ACKNOWLEDGED = "SignalAcknowledged"
CLOSED = "SignalClosed"
WITHDRAWN = "SignalWithdrawn"
PROPOSED = "LimitsProposed"
APPROVED = "LimitsApproved"
