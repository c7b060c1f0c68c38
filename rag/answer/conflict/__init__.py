"""Where articles say different things of the same thing: no model, some milliseconds."""
