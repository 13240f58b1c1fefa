#!/usr/bin/env python
from datetime import date, timedelta

from grant_crew.crew import GrantCrew


def run():
    inputs = {"topic": "restoration of textiles", "deadline": str(date.today() + timedelta(days=30))}
    result = GrantCrew().crew().kickoff(inputs=inputs)
    print(result.raw)


if __name__ == "__main__":
    run()
