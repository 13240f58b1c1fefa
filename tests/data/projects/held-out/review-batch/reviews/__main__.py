import argparse
import logging
from datetime import date

from reviews.batch import collect, submit
from reviews.db import Reviews


def main() -> None:
    parser = argparse.ArgumentParser(prog="reviews")
    parser.add_argument("--since", type=date.fromisoformat, required=True)
    parser.add_argument("--db", default="reviews.duckdb")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    reviews = Reviews(args.db)
    todo = reviews.unsorted(args.since)
    logging.info("%d reviews", len(todo))
    if todo:
        reviews.sorted(collect(submit(todo)))


if __name__ == "__main__":
    main()
