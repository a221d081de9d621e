import pytest


@pytest.fixture(autouse=True)
def _nobody_is_silent(no_time_passes: None) -> None:
    """A place is lost to these attacks alone."""
