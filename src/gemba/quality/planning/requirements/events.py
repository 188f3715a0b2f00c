"""What has happened to a requirement. Pure."""

SUBMITTED = "RequirementSubmitted"
AGREED = "RequirementAgreed"
CHANGE_STARTED = "RequirementChangeStarted"
REJECTED = "RequirementRejected"
WITHDRAWN = "RequirementWithdrawn"
SUPERSEDED = "RequirementSuperseded"
