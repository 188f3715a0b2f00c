"""What has happened to a control plan. Pure."""

SUBMITTED = "ControlPlanSubmitted"
RETURNED = "ControlPlanReturned"
APPROVED = "ControlPlanApproved"
IN_FORCE = "ControlPlanInForce"
REVIEW_DUE = "ControlPlanReviewDue"
CONFIRMED = "ControlPlanConfirmed"
ENDED = "ControlPlanEnded"
