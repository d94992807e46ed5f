"""`python -m graders` is `grade`."""

from graders.cli import main

if __name__ == "__main__":
    main()
