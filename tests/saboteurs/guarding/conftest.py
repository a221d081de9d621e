import pytest


@pytest.fixture(autouse=True)
def _no_window_ends(one_window: None) -> None:
    """What one window counts is what these attacks run into."""
