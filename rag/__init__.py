"""有据 (Youju): answers over Chinese articles, every claim with its evidence."""

__version__ = "0.1.0"
