def clock(seconds: int) -> str:
    """This will write a place in a film: "0:04:31"."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}"
