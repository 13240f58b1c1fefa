import getpass
import sqlite3
import sys

from stock.agent import stock_agent
from stock.deps import Deps


def main() -> None:
    deps = Deps(sqlite3.connect("stock.db"), getpass.getuser())
    result = stock_agent.run_sync(" ".join(sys.argv[1:]), deps=deps)
    print(result.data.text)


if __name__ == "__main__":
    main()
