"""Fixtures that every suite shares."""

pytest_plugins = ["tests.support.databases", "tests.support.selection"]
