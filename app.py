"""Opens the chat window; nothing else."""

from rag.cli import main

if __name__ == "__main__":
    main(["serve"])
