"""Words, numbers with their units, and cities of a Chinese text."""
