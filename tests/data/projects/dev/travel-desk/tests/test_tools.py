from desk.tools import TOOLS


def test_every_tool_says_what_it_does():
    assert all(each.description for each in TOOLS)
