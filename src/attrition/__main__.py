"""`python -m attrition` is the command `attrition`."""

from attrition.cli import main

if __name__ == "__main__":
    main()
