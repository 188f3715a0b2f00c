"""What has happened to a qualification. Pure."""

CONFIRMED = "QualificationConfirmed"
DUE_SOON = "QualificationDueSoon"
LAPSED = "QualificationLapsed"
ENDED = "QualificationEnded"
