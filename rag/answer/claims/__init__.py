"""Sentences read as claims, and held against their evidence: no model, some milliseconds."""
