"""What has happened to a product or a characteristic. Pure."""

RELEASED = "CharacteristicReleased"
CHANGE_STARTED = "CharacteristicChangeStarted"
RETIRED = "CharacteristicRetired"
PRODUCT_RELEASED = "ProductReleased"
