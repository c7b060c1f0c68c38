"""From a question to passages, and from passages to the few sentences that a model is shown."""
