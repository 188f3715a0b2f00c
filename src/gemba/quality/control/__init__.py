"""Quality control: readings taken in, judged as they come, and what is done about what they say."""
