"""What has happened to a characteristic. Pure."""

RELEASED = "CharacteristicReleased"
CHANGE_STARTED = "CharacteristicChangeStarted"
RETIRED = "CharacteristicRetired"
