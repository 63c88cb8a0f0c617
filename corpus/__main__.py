"""`python -m corpus`: the command `copydesk`."""

from corpus.cli import main

if __name__ == "__main__":
    main()
