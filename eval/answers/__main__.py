"""``python -m eval.answers``: the same as ``xinglin eval answers``."""

import sys

from api.cli import main

if __name__ == "__main__":
    sys.argv[1:1] = ["eval", "answers"]
    main()
