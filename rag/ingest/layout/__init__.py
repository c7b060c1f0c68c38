"""Characters with their boxes on pages → lines → columns in reading order → paragraphs. No file format is known here."""
