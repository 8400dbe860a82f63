"""The demo street: Zhongshan Road Street at true scale or in little, invented down to the last name."""
