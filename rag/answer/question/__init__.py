"""A question made whole, spelt as the articles spell, and taken apart."""
